{#- The beginnings that all files known and new tell of, and the truncates that an operator accepted, in the order of their time. -#}
{% macro _stream_beginnings(table, known) -%}
    {%- set query -%}
with runs as (
    select * from dms_lake_stream_runs
    union all
    select file, phase, first_at, last_at from {{ dms_lake._ledger('streams') }}
    where source_table = {{ dms_lake._literal(table.name) }} and file not in (select file from dms_lake_stream_runs)
),
placed as (select *, lag(phase) over (order by first_at nulls first, phase desc nulls last) as phase_before from runs)
select first_at from placed
where phase = 'load' and phase_before = 'change'
    {%- endset -%}
    {%- set complete = known | selectattr('state', 'equalto', 'complete') | map(attribute='began_at') | list -%}
    {%- set found = known | rejectattr('reason', 'equalto', 'load records after changes') | list -%}
    {%- for moment in run_query(query).columns[0].values() | unique -%}
        {%- set began_at = moment.strftime('%Y-%m-%d %H:%M:%S.%f') -%}
        {%- do found.append({
            'began_at': began_at, 'reason': 'load records after changes', 'state': 'complete' if began_at in complete else 'held'
        }) -%}
    {%- endfor -%}
    {{- return(found | sort(attribute='began_at')) -}}
{%- endmacro %}

{#- The generations of a stream after the first that the ledger knows, as {generation, began_at, state, reason}. -#}
{% macro _stream_generations(table) -%}
    {%- set known = [] -%}
    {%- if table.is_landed or dms_lake._has_ledger() -%}
        {%- for row in run_query(
            "select generation, began_at, state, reason from " ~ dms_lake._ledger('generations')
            ~ " where generation > 1 and source_table = " ~ dms_lake._literal(table.name) ~ " order by began_at nulls first"
        ).rows -%}
            {%- do known.append({
                'generation': row.generation, 'began_at': row.began_at.strftime('%Y-%m-%d %H:%M:%S.%f'), 'state': row.state, 'reason': row.reason
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(known) -}}
{%- endmacro %}

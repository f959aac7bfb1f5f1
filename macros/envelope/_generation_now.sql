{#- The generation of a change row, from the generations that the ledger knows as the view is made. -#}
{% macro _generation_now(table) -%}
    {%- if table.generations == 'snapshots' -%}
        {{- return(dms_lake._snapshot_number('_raw_file_path', table)) -}}
    {%- elif table.generations == 'stream' -%}
        {{- return(dms_lake._stream_generation('_raw_emitted_at', table)) -}}
    {%- endif -%}
    {%- set generations = [] -%}
    {%- if dms_lake._has_ledger() and table.generations == 'loads' -%}
        {%- do generations.extend(run_query(
            "select generation, began_at from " ~ dms_lake._ledger('generations') ~ " where source_table = "
            ~ dms_lake._literal(table.name) ~ " and generation > 1 order by generation desc nulls last"
        ).rows) -%}
    {%- endif -%}
    {%- if not generations -%}
1
    {%- else -%}
{%- set files = run_query(
    "select path, generation from " ~ dms_lake._ledger('files') ~ " where source_table = " ~ dms_lake._literal(table.name)
    ~ " and phase = 'load' and status in ('readable', 'held')"
).rows -%}
case
    {%- for number in files | map(attribute=1) | unique | sort(reverse=true) %}
    {%- set paths = files | selectattr(1, 'equalto', number) | map(attribute=0) | list %}
    {#- A view's text has a limit too. -#}
    {%- if paths | join | length > 12000 %}
    when _raw_file_path in (
        select path from {{ dms_lake._ledger('files') }}
        where source_table = {{ dms_lake._literal(table.name) }} and generation = {{ number }} and phase = 'load' and status in ('readable', 'held')
    ) then {{ number }}
    {%- else %}
    when _raw_file_path in ({{ dms_lake._literals(paths) }}) then {{ number }}
    {%- endif %}
    {%- endfor %}
    {%- for generation in generations %}
    when {{ dms_lake.file_stamp('_raw_file_path') }} >= '{{ generation[1].strftime('%Y%m%d-%H%M%S') }}' then {{ generation[0] }}
    {%- endfor %}
    else 1
end
    {%- endif -%}
{%- endmacro %}

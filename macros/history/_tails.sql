{#- CTEs of the stored changes that a run can go on from: `tail`, of every touched key the version that holds and the last change (most often
    one row), and `late`, the keys for which that is not enough: a new change does not come after the last, or takes the place of a
    stored one. A key that ended with a load without it is one of these, for its row may be among those that come now. -#}
{% macro _tails(table, plan) -%}
{%- set is_read_again = dms_lake._is_read_again('tail', table, plan) if plan.files else 'false' -%}
tail as (

    select * from {{ dms_lake._log(this) }} as stored
    where exists (select 1 from touched where {{ dms_lake._same_key('touched', 'stored', table) }})
        and (
            stored._cdc_is_current
            or stored._cdc_is_last
            {%- if plan.files %}
            or {{ dms_lake._is_read_again('stored', table, plan) | indent(12) }}
            {%- endif %}
        )

),

late as (

    select distinct
        {%- for column in dms_lake._key(table) %}
        tail.{{ column }},
        {%- endfor %}
        true as _is_late
    from tail
    left join incoming
        on {{ dms_lake._same_key('incoming', 'tail', table) }}
    where {{ is_read_again | indent(8) }}
        or (
            tail._cdc_is_last
            and incoming._cdc_operation is not null
            and (tail._cdc_file_path is null or not {{ dms_lake.is_later('incoming', 'tail') | indent(12) }})
        )

),
{%- endmacro %}

{#- Whether a run goes on from tails: not where a value may come from any change before, nor where any key may be touched anywhere,
    as by a snapshot that arrives after a later one. -#}
{% macro _knows_tails(table, plan) -%}
    {{- return(plan.is_kept and not table.fills and (not plan.days or plan.days.is_next)) -}}
{%- endmacro %}

{#- Whether a stored change is of a file that the run reads, in the same generation: then it is read again. -#}
{% macro _is_read_again(alias, table, plan) -%}
{%- set path = alias ~ '._cdc_file_path' -%}
(
    {{ dms_lake._files_filter(plan.files) | replace('_cdc_file_path', path) | indent(4) }}
    {%- if table.generations != 'stream' %}
    and {{ alias }}._cdc_generation = {{ dms_lake._generation_of(plan.files, table) | replace('_cdc_file_path', path) | indent(4) }}
    {%- endif %}
)
{%- endmacro %}

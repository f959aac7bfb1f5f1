{#- The CTE `known`: the new changes, and beside them what is remembered of the keys that the run touches. -#}
{% macro _known(table, plan) -%}
{%- set columns = dms_lake._change_columns(table) -%}
{%- set by_tail = dms_lake._knows_tails(table, plan) -%}
{%- if plan.is_kept -%}
{{ dms_lake._remembered(table, plan) }}

{% endif -%}
known as (

    select
        {%- for column in columns %}
        incoming.{{ column }},
        {%- endfor %}
        incoming._cdc_operation = 'delete' as _cdc_is_deleted,
        {%- if by_tail %}
        {{ 'false' if plan.days else 'late._is_late is not null' }} as _is_whole,
        cast(null as timestamp(6)) as _stored_from,
        cast(null as bigint) as _stored_number,
        {%- endif %}
        true as _is_new
    from {{ 'brought as incoming' if by_tail and plan.days else 'incoming' }}
    {%- if by_tail and not plan.days %}
    left join late
        on {{ dms_lake._same_key('late', 'incoming', table) }}
    {%- endif %}
    {%- if plan.is_kept %}
    union all
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        _cdc_is_deleted,
        {%- if by_tail %}
        _is_whole,
        _cdc_valid_from,
        _cdc_version_number,
        {%- endif %}
        false as _is_new
    from remembered
    {%- endif %}

)
{%- endmacro %}

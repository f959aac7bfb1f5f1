{#- The CTE `changes`: the gathered changes, each with what a change before it supplied where it is a partial image. -#}
{% macro _filled(table) -%}
{%- if not table.fills -%}
changes as (

    select * from gathered

)
{%- else -%}
{%- set missing = dms_lake._missing(table, 'not _cdc_is_deleted') -%}
{{ dms_lake._carried('gathered', 'carried', table, 'gathered._cdc_is_deleted') }},

changes as (

    select
        {%- for column in table.kept %}
        {%- set name = dms_lake._quoted(column.name) %}
        {%- if column.name in missing %}
        case when not _cdc_is_deleted and not {{ missing[column.name] }} then {{ dms_lake._quoted('_now_' ~ column.name) }} end as {{ name }},
        {%- else %}
        {{ name }},
        {%- endif %}
        {%- endfor %}
        {%- for name in dms_lake._cdc_columns('latest')[:12] %}
        {{ name }},
        {%- endfor %}
        {{ dms_lake._with_missing('_cdc_own_issues', table, missing) | indent(8) }} as _cdc_issues,
        {%- for name in dms_lake._log_fill_columns(table) %}
        {{ name }},
        {%- endfor %}
        _cdc_is_deleted,
        _is_new
    from carried

)
{%- endif -%}
{%- endmacro %}

{#- The CTE `changes`: the gathered changes, each with what a change before it supplied where it is a partial image. -#}
{% macro _filled(table) -%}
{%- if not table.fills -%}
changes as (

    select * from gathered

)
{%- else -%}
{%- set is_living = 'not _cdc_is_deleted' -%}
{%- set missing = dms_lake._missing(table, is_living) -%}
{{ dms_lake._carried('gathered', 'carried', table, 'gathered._cdc_is_deleted') }},

changes as (

    select
        {{ dms_lake._filled_values(table, missing, is_living) | indent(8) }}
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

{#- The columns that a row of latest carries before it is shaped: business columns, change columns, and the identity of a change
    where the table has no key. -#}
{% macro _latest_columns(table) -%}
    {%- set columns = dms_lake._quoted_all(table.kept | map(attribute='name') | list) + dms_lake._cdc_columns('latest')[:13] -%}
    {{- return(columns + ([] if table.key else ['_cdc_row_id']) + ['_cdc_is_absent']) -}}
{%- endmacro %}

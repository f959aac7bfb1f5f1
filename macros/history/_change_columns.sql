{#- The columns of history's log that come from the change itself: business columns and change columns. -#}
{% macro _change_columns(table) -%}
    {{- return(dms_lake._quoted_all(table.kept | map(attribute='name') | list) + dms_lake._cdc_columns('latest')[:13]) -}}
{%- endmacro %}

{#- The columns that identify a row of latest: the registry's key, or the identity of the change where there is no key. -#}
{% macro _key(table) -%}
    {{- return(dms_lake._quoted_all(table.key) if table.key else ['_cdc_row_id']) -}}
{%- endmacro %}

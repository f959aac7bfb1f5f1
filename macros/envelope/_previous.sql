{#- The column that carries a key column's value before the change. -#}
{% macro _previous(name) -%}
    {{- return(dms_lake._quoted('_cdc_previous_' ~ name)) -}}
{%- endmacro %}

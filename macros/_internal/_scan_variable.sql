{#- The name of the session variable that narrows the scans of one table. -#}
{% macro _scan_variable(table) -%}
    {{- return('dms_lake_' ~ local_md5(table.name)) -}}
{%- endmacro %}

{#- How many fields of a record are read: the longest declared layout, and room for columns nobody declared. -#}
{% macro _csv_width(table) -%}
    {{- return((dms_lake._csv_layouts(table) | map(attribute='size') | max) + 40) -}}
{%- endmacro %}

{#- Rows that are only ever added, as CSV: no operation, every row an insert. -#}
{% macro _append_csv_facts() -%}
    {{- return({'formats': ['csv'], 'names': 'any', 'operations': 'none', 'generations': 'one'}) -}}
{%- endmacro %}

{% macro _append_csv_rows(table) -%}
{{ dms_lake._csv_files(table) }}
{%- endmacro %}

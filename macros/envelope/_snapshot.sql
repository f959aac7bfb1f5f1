{#- The whole table again and again: every folder of a day (or hour) is a generation, all of its rows are load rows. -#}
{% macro _snapshot_facts() -%}
    {{- return({'formats': ['csv', 'parquet'], 'names': 'any', 'operations': 'none', 'generations': 'snapshots'}) -}}
{%- endmacro %}

{% macro _snapshot_rows(table) -%}
{{ dms_lake._csv_files(table) }}
{%- endmacro %}

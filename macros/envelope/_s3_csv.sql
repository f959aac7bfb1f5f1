{#- DMS on S3, CSV: load files and change files named by DMS, one letter of operation (Op) in every change. -#}
{% macro _s3_csv_facts() -%}
    {{- return({'formats': ['csv'], 'names': 'dms', 'operations': 'letter', 'generations': 'loads'}) -}}
{%- endmacro %}

{% macro _s3_csv_rows(table) -%}
{{ dms_lake._csv_files(table) }}
{%- endmacro %}

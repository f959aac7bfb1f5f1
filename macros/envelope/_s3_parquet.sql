{#- DMS on S3, Parquet: load files and change files named by DMS, one letter of operation (Op) in every change. -#}
{% macro _s3_parquet_facts() -%}
    {{- return({'formats': ['parquet'], 'names': 'dms', 'operations': 'letter', 'generations': 'loads'}) -}}
{%- endmacro %}

{#- What lies in a table's folder now: on DuckDB listed by the run itself, for Athena by `lake land`. -#}
{% macro _listed(table) -%}
    {%- if table.is_landed -%}
    select path, size_bytes, last_modified from dms_lake_objects where source_table = {{ dms_lake._literal(table.name) }}
    {%- else -%}
    {{ dms_lake.list_files([table.folder]) }}
    {%- endif -%}
{%- endmacro %}

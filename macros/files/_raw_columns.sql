{#- The columns of a table's landed raw table as {name, type}, with Athena's words for the types. -#}
{% macro _raw_columns(table) -%}
    {%- set columns = [] -%}
    {%- if not table.is_text -%}
        {%- for column in dms_lake._parquet_columns(table) -%}
            {%- do columns.append({'name': column.name, 'type': dms_lake.athena__data_type(column.type)}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for name in dms_lake._raw_fields(table) -%}
            {%- do columns.append({'name': name, 'type': 'varchar'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if dms_lake._is_rewritten(table) -%}
        {%- do columns.extend([{'name': '_raw_file_path', 'type': 'varchar'}, {'name': '_raw_file_row_number', 'type': 'bigint'}]) -%}
    {%- endif -%}
    {{- return(columns) -}}
{%- endmacro %}

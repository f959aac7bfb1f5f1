{#- Every column a table's Parquet files may hold, as {name, type}: declared ones, and those that DMS adds. -#}
{% macro _parquet_columns(table) -%}
    {%- set columns = [{'name': 'Op', 'type': 'varchar'}] if table.operations == 'letter' else [] -%}
    {%- for field in ['timestamp_column', 'change_seq_column'] if table[field] -%}
        {%- do columns.append({'name': table[field], 'type': 'varchar'}) -%}
    {%- endfor -%}
    {%- do columns.extend(table.columns) -%}
    {%- for column in table.columns if column.name in table.old_key -%}
        {%- do columns.append({'name': table.before_image_prefix ~ column.name, 'type': column.type}) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}

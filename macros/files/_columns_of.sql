{#- The columns that some files of a table hold, as rows of `columns_in_files`, asked in parts that the engine can take. -#}
{% macro _columns_of(table, paths) -%}
    {%- set found = [] -%}
    {%- for batch in paths | batch(500 if table.file_format == 'parquet' else 50) -%}
        {%- do found.extend(run_query(dms_lake.columns_in_files(table, batch)).rows) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{#- Narrow the scans of a table's files to the files of this run, and widen them again. Never a matter of rows: the query
    names the files as well. It saves a listing, and a file that is gone by now is an error, not a file without rows. -#}
{% macro read_only(table, files) -%}
    {{- return(adapter.dispatch('read_only', 'dms_lake')(table, files)) -}}
{%- endmacro %}

{% macro default__read_only(table, files) -%}
{%- endmacro %}

{% macro duckdb__read_only(table, files) -%}
    {%- if files -%}
        {%- do run_query("set variable " ~ dms_lake._scan_variable(table) ~ " = " ~ dms_lake._file_list(files | map(attribute='path'))) -%}
    {%- else -%}
        {%- do run_query("reset variable " ~ dms_lake._scan_variable(table)) -%}
    {%- endif -%}
{%- endmacro %}

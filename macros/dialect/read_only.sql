{#- Narrow the scans of a table's text files to the files of this run, and widen them again. A matter of cost, never of
    rows: the query names the files as well. Nothing to do where the query's literals prune by themselves. -#}
{% macro read_only(table, files) -%}
    {{- return(adapter.dispatch('read_only', 'dms_lake')(table, files)) -}}
{%- endmacro %}

{% macro default__read_only(table, files) -%}
{%- endmacro %}

{% macro duckdb__read_only(table, files) -%}
    {%- if table.envelope == 's3_csv' and files -%}
        {%- set paths = [] -%}
        {%- for file in files -%}
            {%- do paths.append(dms_lake._literal(file.path)) -%}
        {%- endfor -%}
        {%- do run_query("set variable " ~ dms_lake._scan_variable(table) ~ " = [" ~ (paths | join(', ')) ~ "]") -%}
    {%- elif table.envelope == 's3_csv' -%}
        {%- do run_query("reset variable " ~ dms_lake._scan_variable(table)) -%}
    {%- endif -%}
{%- endmacro %}

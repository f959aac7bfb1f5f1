{#- Whether a file scan of the table would find anything: a scan of nothing has no columns, so the view must know. -#}
{% macro _has_files(table) -%}
    {%- if table.is_landed or not dms_lake._can_query() -%}
        {{- return(true) -}}
    {%- endif -%}
    {%- set pattern = table.folder ~ '/**/*.' ~ ('parquet' if table.envelope == 's3_parquet' else 'csv*') -%}
    {{- return(run_query("select 1 from glob(" ~ dms_lake._literal(pattern) ~ ") limit 1").rows | length > 0) -}}
{%- endmacro %}

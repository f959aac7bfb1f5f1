{#- Whether a file scan of the table would find anything: a scan of nothing has no columns, so the view must know. -#}
{% macro _has_files(table, kind=none) -%}
    {%- if table.is_landed or not dms_lake._can_query() -%}
        {{- return(true) -}}
    {%- endif -%}
    {{- return(run_query("select 1 from glob(" ~ dms_lake._literal(dms_lake._glob(table, kind)) ~ ") limit 1").rows | length > 0) -}}
{%- endmacro %}

{#- The Parquet files of a scan: those that a run or `lake land` names by the scan's
    variable, or all of the table's folder. -#}
{% macro _files_to_read(table) -%}
    {%- if table.is_landed -%}
        {{- return("getvariable('" ~ dms_lake._scan_variable(table) ~ "')") -}}
    {%- endif -%}
    {{- return(
        "coalesce(getvariable('" ~ dms_lake._scan_variable(table) ~ "'), ["
        ~ dms_lake._literal(dms_lake._glob(table)) ~ "])"
    ) -}}
{%- endmacro %}

{#- The Parquet files of a scan: all of the table's folder, or the one that `lake land` names by the scan's variable. -#}
{% macro _files_to_read(table) -%}
    {%- if table.is_landed -%}
        {{- return("getvariable('" ~ dms_lake._scan_variable(table) ~ "')") -}}
    {%- endif -%}
    {{- return(dms_lake._literal(table.folder ~ '/**/*.parquet')) -}}
{%- endmacro %}

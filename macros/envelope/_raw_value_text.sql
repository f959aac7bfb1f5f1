{#- A column's raw value as text: what a text file holds, or the text of the value that a Parquet file has typed already. -#}
{% macro _raw_value_text(table, column) -%}
    {{- return(dms_lake.value_text('varchar' if table.is_text else column.type, '"raw".' ~ dms_lake._quoted(column.name))) -}}
{%- endmacro %}

{#- Whether a table's raw files are landed as rewritten rows with path and row number, rather than registered where they lie:
    text always, Parquet where nothing in the rows but their place in the file says which came first, or which is which. -#}
{% macro _is_rewritten(table) -%}
    {{- return(
        table.is_text
        or table.landing == 'rewrite'
        or not table.key
        or not (table.timestamp_column or table.change_seq_column)
    ) -}}
{%- endmacro %}

{#- Whether a table's raw files are landed as rewritten rows with path and row number, rather than registered where they lie:
    text always, Parquet where only the place in the file tells which of two changes of one commit came first, or which row is which. -#}
{% macro _is_rewritten(table) -%}
    {{- return(
        table.is_text
        or table.landing == 'rewrite'
        or not table.key
        or not (table.change_seq_column or table.landing == 'in_place')
    ) -}}
{%- endmacro %}

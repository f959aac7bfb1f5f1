{#- The newest generation of a table that the ledger knows: number, began_at, state, and its last load file's time. -#}
{% macro _last_generation(table) -%}
    {%- set rows = run_query(
        "select generation, began_at, state from " ~ dms_lake._ledger('generations')
        ~ " where source_table = " ~ dms_lake._literal(table.name) ~ " order by generation desc nulls last limit 1"
    ).rows -%}
    {{- return(rows[0] if rows else {'generation': 0, 'began_at': none, 'state': none}) -}}
{%- endmacro %}

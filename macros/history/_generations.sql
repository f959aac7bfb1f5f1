{#- The complete generations of a table that a later full load or a truncate opened, as {generation, began_at}. -#}
{% macro _generations(table) -%}
    {%- set rows = run_query(
        "select generation, began_at from " ~ dms_lake._ledger('generations') ~ " where source_table = " ~ dms_lake._literal(table.name)
        ~ " and generation > 1 and state = 'complete' order by generation nulls first"
    ).rows -%}
    {%- set generations = [] -%}
    {%- for row in rows -%}
        {%- do generations.append({'generation': row[0], 'began_at': row[1].strftime('%Y-%m-%d %H:%M:%S.%f')}) -%}
    {%- endfor -%}
    {{- return(generations) -}}
{%- endmacro %}

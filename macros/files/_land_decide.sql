{#- Judge the listings in `dms_lake_objects`, table by table; the ledger then holds what they mean. -#}
{% macro _land_decide(tables) -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name in tables -%}
        {%- set table = dms_lake._landed_entry(node) -%}
        {%- do run_query("insert into dms_lake_begun values (" ~ dms_lake._literal(table.name) ~ ")") -%}
        {%- do dms_lake._take_listing(table) -%}
    {%- endfor -%}
{%- endmacro %}

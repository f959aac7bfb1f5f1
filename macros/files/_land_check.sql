{#- Judge the columns in `dms_lake_found_columns`, table by table. -#}
{% macro _land_check(tables) -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name in tables -%}
        {%- set table = dms_lake._landed_entry(node) -%}
        {%- do run_query("insert into dms_lake_begun values (" ~ dms_lake._literal(table.name) ~ ")") -%}
        {%- do dms_lake._check_found_columns(table, run_query(
            "select column_name, column_type, scale, min(first_file) as first_file from dms_lake_found_columns where source_table = "
            ~ dms_lake._literal(table.name) ~ " group by all order by column_name nulls first, column_type nulls first"
        ).rows) -%}
    {%- endfor -%}
{%- endmacro %}

{#- Judge the runs of load records and of changes that `lake land` found in the new files of streams (`dms_lake_found_runs`), table by table. -#}
{% macro _land_streams(tables) -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name in tables -%}
        {%- set table = dms_lake._landed_entry(node) -%}
        {%- do run_query("insert into dms_lake_begun values (" ~ dms_lake._literal(table.name) ~ ")") -%}
        {%- do dms_lake._list_now(table) -%}
        {%- do run_query(
            "create or replace temp table dms_lake_stream_runs as select file, phase, first_at, last_at from dms_lake_found_runs where source_table = "
            ~ dms_lake._literal(table.name)
        ) -%}
        {%- do run_query("begin transaction; " ~ dms_lake._stream_changes(table) ~ "\n" ~ dms_lake._settle_generations(table) ~ "\ncommit;") -%}
    {%- endfor -%}
{%- endmacro %}

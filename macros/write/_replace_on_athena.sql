{#- The whole table from the compiled query. Where one stands, the new one is built beside it, and Glue's pointer is moved in
    one call, so a reader finds the old table or the new one, never none. The old one's files stay for the queries that still
    read them, under the name `<table>__replaced`, until the next write. -#}
{% macro _replace_on_athena(table, existing, files, is_latest) -%}
    {%- set goal = dms_lake._stored().incorporate(type='table') -%}
    {%- set is_swap = existing is not none and not existing.is_view -%}
    {%- set fresh = goal if existing is none else dms_lake._beside(goal, '__fresh') -%}
    {%- set columns = dms_lake._written_columns(table, is_latest) -%}
    {%- do dms_lake._drop_leftovers(goal) -%}
    {%- call statement('main') -%}
{{ dms_lake.create_table(fresh, dms_lake._decided(table, columns) if is_latest else model.compiled_code, dms_lake._partitions(table, files) if is_latest else []) }}
    {%- endcall -%}
    {%- if is_swap -%}
        {%- do dms_lake._bridge_versions(table) if model.config.materialized == 'history' -%}
        {%- set replaced = adapter.get_glue_table_location(existing) -%}
        {%- do adapter.swap_table(fresh, goal) -%}
        {%- do adapter.delete_from_glue_catalog(fresh) -%}
        {%- do run_query(
            "create external table " ~ dms_lake._beside(goal, '__replaced').render_hive() ~ " (`files_of_the_replaced_table` string) location '"
            ~ replaced.rstrip('/') ~ "/'"
        ) -%}
    {%- elif existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
        {%- do adapter.rename_relation(fresh, goal) -%}
    {%- endif -%}
{%- endmacro %}

{#- A table of another name whose files lie in this table's folder. -#}
{% macro _beside(goal, suffix) -%}
    {{- return(api.Relation.create(
        database=goal.database, schema=goal.schema, identifier=goal.identifier ~ suffix, s3_path_table_part=goal.identifier, type='table'
    )) -}}
{%- endmacro %}

{#- What every model of a room is, wherever it stands: an installing project needs no `+materialized` of its own, and cannot
    build latest as a view by forgetting it. Redshift builds only what has its place there. -#}
{% macro _room(materialized, on_redshift=false) -%}
    {%- do dms_lake._demo_only() -%}
    {#- On DuckDB in one statement (macros/write/room_view.sql); dbt-athena does so by itself. -#}
    {%- do config(materialized='room_view' if materialized == 'view' and target.type == 'duckdb' else materialized) -%}
    {%- if materialized == 'table' and target.type == 'athena' -%}
        {#- Readers have the old table until the new one stands. -#}
        {%- do config(ha=true) -%}
    {%- endif -%}
    {%- if execute and target.type == 'redshift' and not on_redshift and flags.WHICH in ['run', 'build'] and model.resource_type == 'model' -%}
        {%- do dms_lake._fail("model `" ~ model.name ~ "`", "the target `" ~ target.name ~ "` is of type redshift, which reads what Athena wrote and builds only models of `dms_lake.served`. Build this one on Athena; on Redshift select path:models/redshift.") -%}
    {%- endif -%}
{%- endmacro %}

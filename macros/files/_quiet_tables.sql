{#- The tables whose folders hold just what the ledger knows of them, every file in the version that it knows. -#}
{% macro _quiet_tables(folders) -%}
with

tables as (

    select
        unnest([{{ dms_lake._literals(folders.keys() | list) }}]) as source_table,
        unnest([{{ dms_lake._literals(folders.values() | list) }}]) || '/' as folder

),

folders as (

    select distinct folder from tables

),

listed as (

    {{ dms_lake.list_files(folders.values() | unique | list) | indent(4) }}

),

placed as (

    select listed.*, folders.folder
    from listed
    asof inner join folders on listed.path >= folders.folder

),

there as (

    select
        tables.source_table,
        placed.path,
        placed.last_modified
    from placed
    inner join tables using (folder)
    where not {{ dms_lake._is_not_of_interest("substr(placed.path, length(placed.folder) + 1)") }}

),

known as (

    select
        source_table,
        path,
        last_modified,
        status
    from {{ dms_lake._ledger('files') }}
    where status in ('readable', 'held', 'vanished', 'left_over')

),

loud as (

    select source_table from there anti join known using (source_table, path, last_modified)
    union all
    select source_table from known anti join there using (source_table, path, last_modified)
    union all
    select source_table from known where status != 'readable'
    union all
    select source_table from {{ dms_lake._ledger('generations') }} where state = 'held'
    union all
    select outside.source_table
    from tables as outside
    inner join tables as inside on inside.folder != outside.folder and starts_with(inside.folder, outside.folder)

)

select source_table from tables
where source_table in (select source_table from known)
    and source_table not in (select source_table from loud)
{%- endmacro %}

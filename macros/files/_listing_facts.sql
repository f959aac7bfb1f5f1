{#- One row of what is new about a table's files since the last listing; what `_refresh_listing` decides by. -#}
{% macro _listing_facts(table) -%}
with

listing as (

    select * from dms_lake_listing

),

known as (

    select * from {{ dms_lake._ledger('files') }}
    where source_table = {{ dms_lake._literal(table.name) }} and status in ('readable', 'held', 'vanished')

),

there as (

    select * from known where status != 'vanished'

),

fresh as (

    select
        listing.*,
        known_path.file is not null as is_overwritten
    from listing
    left join there using (file, last_modified)
    left join (select distinct file from known) as known_path on listing.file = known_path.file
    where there.file is null

),

gone as (

    select known.* from known
    left join listing using (file)
    where listing.file is null

),

fresh_facts as (

    select
        count(*) as fresh_files,
        count(*) filter (where phase = 'load') as fresh_loads,
        count(*) filter (where phase = 'load' and is_overwritten) as overwritten_loads,
        min(last_modified) filter (where phase = 'load') as first_fresh_load_at,
        min(path) filter (where phase = 'unknown') as unknown_path
    from fresh

),

gone_facts as (

    select
        count(*) as gone_files,
        count(*) filter (where status != 'vanished') as newly_gone_files,
        min(last_modified) as oldest_gone_at
    from gone

),

{{ dms_lake._clock_facts() }}

select * from fresh_facts, gone_facts, clock_facts
{%- endmacro %}

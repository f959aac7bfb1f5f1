{#- One row of what is new about a table's files since the last listing; what `_refresh_listing` decides by. -#}
{% macro _listing_facts(table) -%}
with

listing as (

    select * from dms_lake_listing

),

known as (

    select * from {{ dms_lake._ledger('files') }}
    where source_table = {{ dms_lake._literal(table.name) }} and status in ('readable', 'held', 'vanished', 'left_over')

),

there as (

    select * from known where status != 'vanished'

),

newest_load as (

    {{ dms_lake._newest_load(table) | indent(4) }}

),

fresh as (

    select
        listing.*,
        newest_load.file is not null as is_overwritten
    from listing
    left join there using (file, last_modified)
    left join newest_load on listing.file = newest_load.file
    where there.file is null

),

{{ dms_lake._gone_facts(table) }},

fresh_facts as (

    select
        count(*) as fresh_files,
        count(*) filter (where phase = 'load' and not is_left_over) as fresh_loads,
        count(*) filter (where phase = 'load' and not is_left_over and is_overwritten) as overwritten_loads,
        min(last_modified) filter (where phase = 'load' and not is_left_over) as first_fresh_load_at,
        min(last_modified) as first_fresh_at,
        min(case when phase = 'load' then last_modified else stamped_at end) as first_fresh_moment,
        min(path) filter (where phase = 'unknown') as unknown_path
    from fresh

),

{{ dms_lake._left_over_facts() }},

{{ dms_lake._clock_facts() }}

select * from fresh_facts, gone_facts, left_over_facts, clock_facts
{%- endmacro %}

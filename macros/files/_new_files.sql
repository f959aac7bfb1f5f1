{#- The statement that adds the files of a listing that the ledger does not know in this version, each to its generation. -#}
{% macro _new_files(table) -%}
insert into {{ dms_lake._ledger('files') }}
select
    {{ dms_lake._literal(table.name) }}, listing.file, listing.path, listing.size_bytes, listing.last_modified, listing.phase, listing.stamp,
    coalesce((
        select max(generations.generation) from {{ dms_lake._ledger('generations') }} as generations
        where generations.source_table = {{ dms_lake._literal(table.name) }}
            and coalesce(generations.began_at, timestamp '0001-01-01 00:00:00')
            <= case when listing.phase = 'load' then listing.last_modified else listing.stamped_at end
    ), 1),
    'readable',
    {{ dms_lake._run_time() }}
from dms_lake_listing as listing
where not exists (
    select 1 from {{ dms_lake._ledger('files') }} as known
    where known.source_table = {{ dms_lake._literal(table.name) }}
        and known.file = listing.file
        and known.last_modified = listing.last_modified
        and known.status in ('readable', 'held')
)
{%- endmacro %}

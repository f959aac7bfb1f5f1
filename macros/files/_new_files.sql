{#- The statement that adds the files of a listing that the ledger does not know in this version, each to its generation. -#}
{% macro _new_files(table) -%}
insert into {{ dms_lake._ledger('files') }}
select
    {{ dms_lake._literal(table.name) }}, listing.file, listing.path, listing.size_bytes, listing.last_modified, listing.phase, listing.stamp,
    {{ dms_lake._file_generation(table) }},
    case when listing.is_left_over then 'left_over' else 'readable' end,
    {{ dms_lake._run_time() }},
    0
from dms_lake_listing as listing
where not exists (
    select 1 from {{ dms_lake._ledger('files') }} as known
    where known.source_table = {{ dms_lake._literal(table.name) }}
        and known.file = listing.file
        and known.last_modified = listing.last_modified
        and known.status in ('readable', 'held', 'left_over')
)
{%- endmacro %}

{#- The paths of a listing that the ledger does not know in this version. -#}
{% macro _fresh_paths(table) -%}
select listing.path
from dms_lake_listing as listing
left join {{ dms_lake._ledger('files') }} as known
    on known.source_table = {{ dms_lake._literal(table.name) }}
    and known.file = listing.file
    and known.last_modified = listing.last_modified
    and known.status in ('readable', 'held', 'left_over')
where known.file is null
    and listing.size_bytes > 0
    and not listing.is_left_over
order by listing.path nulls first
{%- endmacro %}

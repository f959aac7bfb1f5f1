{#- The statements by which a held generation begins anew: none of its files has been read, so each goes to where it belongs now. -#}
{% macro _start_again(table, opened) -%}
{%- set name = dms_lake._literal(table.name) -%}
update {{ dms_lake._ledger('generations') }} set began_at = timestamp '{{ opened.began_at }}'
where source_table = {{ name }} and generation = {{ opened.generation }};

update {{ dms_lake._ledger('files') }} as known
set
    generation = placed.generation,
    status = case when placed.is_left_over then 'left_over' else known.status end
from (
    select
        listing.file,
        listing.last_modified,
        listing.is_left_over,
        {{ dms_lake._file_generation(table) | indent(8) }} as generation
    from dms_lake_listing as listing
) as placed
where known.source_table = {{ name }}
    and known.status = 'held'
    and known.file = placed.file
    and known.last_modified = placed.last_modified;
{%- endmacro %}

{#- The statement that opens a generation for every snapshot folder that the ledger does not know; each waits until it is complete. -#}
{% macro _new_snapshots(table) -%}
{%- set name = dms_lake._literal(table.name) -%}
insert into {{ dms_lake._ledger('generations') }}
select
    {{ name }}, snapshot, min({{ dms_lake._snapshot_moment('path', table) }}), 'held', 'snapshot', {{ dms_lake._run_time() }}
from dms_lake_listing
where snapshot not in (
    select generation from {{ dms_lake._ledger('generations') }} where source_table = {{ name }}
)
group by snapshot
{%- endmacro %}

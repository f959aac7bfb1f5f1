{#- The generation that a listed file belongs to: of a snapshot its folder's; else the newest one that began before the file. -#}
{% macro _file_generation(table) -%}
    {%- if table.generations == 'snapshots' -%}
listing.snapshot
    {%- elif table.generations in ['one', 'stream'] -%}
1
    {%- else -%}
coalesce((
        select max(generations.generation) from {{ dms_lake._ledger('generations') }} as generations
        where generations.source_table = {{ dms_lake._literal(table.name) }}
            and coalesce(generations.began_at, timestamp '0001-01-01 00:00:00')
            <= case when listing.phase = 'load' then listing.last_modified else listing.stamped_at end
    ), 1)
    {%- endif -%}
{%- endmacro %}

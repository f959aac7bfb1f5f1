{#- The generation that a listed file belongs to: of a snapshot its folder's; else the newest one that began before the file. A truncate
    was found or accepted some time after it happened: any file that is newer than all before it belongs to it. -#}
{% macro _file_generation(table) -%}
    {%- if table.generations == 'snapshots' -%}
listing.snapshot
    {%- elif table.generations in ['one', 'stream'] -%}
1
    {%- else -%}
{%- set name = dms_lake._literal(table.name) -%}
{%- set moment = "case when listing.phase = 'load' then listing.last_modified else listing.stamped_at end" -%}
coalesce((
        select max(generations.generation) from {{ dms_lake._ledger('generations') }} as generations
        where generations.source_table = {{ name }}
            and (
                coalesce(generations.began_at, timestamp '0001-01-01 00:00:00') <= {{ moment }}
                or generations.reason in ('truncate', 'truncate accepted')
                and {{ moment }} > (
                    select max(before.last_modified) from {{ dms_lake._ledger('files') }} as before
                    where before.source_table = {{ name }} and before.generation < generations.generation
                )
            )
    ), 1)
    {%- endif -%}
{%- endmacro %}

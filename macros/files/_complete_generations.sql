{#- The statement that ends the wait of held generations: a full load counts from when a change was written after it (on a
    stream: built after it), a snapshot from when a later one has begun or its folder has a _SUCCESS file, and either once it has been quiet. -#}
{% macro _complete_generations(table) -%}
{%- set is_snapshot = table.generations == 'snapshots' -%}
{%- set is_stream = table.generations == 'stream' -%}
{%- set loads -%}
{{ dms_lake._ledger('streams') }} where source_table = {{ dms_lake._literal(table.name) }} and phase = 'load' and first_at >= generations.began_at
{%- endset -%}
{%- set its_files = "dms_lake_listing where file in (select file from " ~ loads ~ ")" if is_stream else "dms_lake_listing where phase = 'load'" ~ (" and snapshot = generations.generation" if is_snapshot else "") -%}
update {{ dms_lake._ledger('generations') }} as generations
set state = 'complete'
where generations.source_table = {{ dms_lake._literal(table.name) }}
    and generations.state = 'held'
    and (
        {%- if is_snapshot %}
        generations.generation < (select max(snapshot) from dms_lake_listing)
        or exists (select 1 from dms_lake_markers where snapshot = generations.generation)
        {%- elif is_stream %}
        generations.generation < (select max(generation) from {{ dms_lake._ledger('generations') }} where source_table = {{ dms_lake._literal(table.name) }})
        or (select max(first_at) from {{ dms_lake._ledger('streams') }} where source_table = {{ dms_lake._literal(table.name) }} and phase = 'change')
        > (select max(last_at) from {{ loads }})
        {%- else %}
        (select max(stamped_at) from dms_lake_listing) > (select max(last_modified) from {{ its_files }})
        {%- endif %}
        or {{ dms_lake._run_time() }} >= (select max(last_modified) from {{ its_files }})
        + interval '{{ var('dms_lake_load_quiet_minutes', 60) }}' minute
    )
{%- endmacro %}

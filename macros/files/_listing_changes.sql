{#- The statements that write what a listing found; one transaction, so a listing is seen whole or not at all. -#}
{% macro _listing_changes(table, facts, last, opened) -%}
{%- set files = dms_lake._ledger('files') -%}
{%- set generations = dms_lake._ledger('generations') -%}
{%- set name = dms_lake._literal(table.name) -%}
{%- set now = dms_lake._run_time() -%}
begin transaction;

{% if table.generations == 'snapshots' -%}
{{ dms_lake._new_snapshots(table) }};
{%- elif not last.generation -%}
insert into {{ generations }} values ({{ name }}, 1, null, 'complete', 'first files seen', {{ now }});
{%- endif %}
{% if opened and opened.is_restart -%}
{{ dms_lake._start_again(table, opened) }}
{%- elif opened -%}
insert into {{ generations }} values (
    {{ name }}, {{ opened.generation }}, timestamp '{{ opened.began_at }}',
    '{{ 'complete' if opened.reason == 'truncate' and not facts.fresh_loads else 'held' }}', {{ dms_lake._literal(opened.reason) }}, {{ now }}
);
{%- endif %}

-- the version of a file that is no longer there, replaced or gone
update {{ files }} as known
set status = case
    when exists (select 1 from dms_lake_listing as listing where listing.file = known.file) then 'superseded'
    {%- if table.raw_retention_days %}
    when known.last_modified <= {{ now }} - interval '{{ table.raw_retention_days }}' day then 'expired'
    {%- endif %}
    when {{ (opened.generation if opened else last.generation) or 1 }} > known.generation then 'superseded'
    else 'vanished'
end
where known.source_table = {{ name }}
    and known.status in ('readable', 'held', 'left_over')
    and not exists (
        select 1 from dms_lake_listing as listing
        where listing.file = known.file and listing.last_modified = known.last_modified
    );

-- a file that came back
delete from {{ files }} as known
where known.source_table = {{ name }}
    and known.status = 'vanished'
    and exists (select 1 from dms_lake_listing as listing where listing.file = known.file);

{{ dms_lake._new_files(table) }};
{%- if table.generations != 'stream' %}

{{ dms_lake._settle_generations(table) }}
{%- elif not table.is_landed %}
{%- do dms_lake._look_into_stream(table, facts) %}

{{ dms_lake._stream_changes(table) }}

{{ dms_lake._settle_generations(table) }}
{%- endif %}

commit;
{%- endmacro %}

{#- The statements that end the wait of generations that are complete, and let the files of held ones wait with them. -#}
{% macro _settle_generations(table) -%}
{%- set name = dms_lake._literal(table.name) -%}
{{ dms_lake._complete_generations(table) }};

update {{ dms_lake._ledger('files') }} as known
set status = generations.state
from (
    select generation, case when state = 'held' then 'held' else 'readable' end as state
    from {{ dms_lake._ledger('generations') }} where source_table = {{ name }}
) as generations
where known.source_table = {{ name }}
    and known.generation = generations.generation
    and known.status in ('readable', 'held')
    and known.status != generations.state;
{%- endmacro %}

{#- The statements that bring the generations of a stream up to date. A full load begins with the load record that DMS built first after a
    change; what the files say of that is kept (`dms_lake_streams`), so that it is the same in any order of arrival. Where a
    late file moves or adds a beginning, the files from there on must be read again: their rows belong to a newer load than was known.
    The runs of new files stand in `dms_lake_stream_runs`. -#}
{% macro _stream_changes(table) -%}
{%- set name = dms_lake._literal(table.name) -%}
{%- set streams = dms_lake._ledger('streams') -%}
{%- set known = dms_lake._stream_generations(table) -%}
{%- set found = dms_lake._stream_beginnings(table, known) -%}
{%- set old = known | map(attribute='began_at') | list -%}
{%- set new = found | map(attribute='began_at') | list -%}
delete from {{ streams }} where source_table = {{ name }} and file in (select file from dms_lake_stream_runs);

insert into {{ streams }} select {{ name }}, file, phase, first_at, last_at from dms_lake_stream_runs;
{%- if old != new %}
{%- set moved = (old | reject('in', new) | list + new | reject('in', old) | list) | min %}

delete from {{ dms_lake._ledger('generations') }} where source_table = {{ name }} and generation > 1;
{%- for beginning in found %}

insert into {{ dms_lake._ledger('generations') }} values (
    {{ name }}, {{ loop.index + 1 }}, timestamp '{{ beginning.began_at }}', '{{ beginning.state }}', {{ dms_lake._literal(beginning.reason) }}, {{ dms_lake._run_time() }}
);
{%- endfor %}

update {{ dms_lake._ledger('files') }}
set reading = coalesce(reading, 0) + 1
where source_table = {{ name }}
    and status in ('readable', 'held', 'vanished')
    and file in (select file from {{ streams }} where source_table = {{ name }} and last_at >= timestamp '{{ moved }}');
{%- endif %}
{%- if new %}

update {{ dms_lake._ledger('files') }} as known
set generation = coalesce((
    select max(generations.generation) from {{ dms_lake._ledger('generations') }} as generations
    where generations.source_table = {{ name }}
        and generations.began_at <= (
            select max(runs.last_at) from {{ streams }} as runs where runs.source_table = {{ name }} and runs.file = known.file
        )
), 1)
where known.source_table = {{ name }} and known.status in ('readable', 'held');
{%- endif %}
{%- endmacro %}

{#- The runs of the listing's new files, into `dms_lake_stream_runs`. -#}
{% macro _look_into_stream(table, facts) -%}
    {%- set paths = run_query(dms_lake._fresh_paths(table)).columns[0].values() | list if facts.fresh_files else [] -%}
    {%- do run_query("create or replace temp table dms_lake_stream_runs (file varchar, phase varchar, first_at timestamp, last_at timestamp)") -%}
    {%- for batch in paths | batch(500) -%}
        {%- set files = [] -%}
        {%- for path in batch -%}
            {%- do files.append({'path': path}) -%}
        {%- endfor -%}
        {%- do dms_lake.read_only(table, files) -%}
        {%- do run_query("insert into dms_lake_stream_runs\n" ~ dms_lake._stream_runs(table)) -%}
    {%- endfor -%}
    {%- do dms_lake.read_only(table, none) -%}
{%- endmacro %}

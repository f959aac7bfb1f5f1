{#- The query for a model's unread files, the newest complete generation and whether none is known, and what the ledger's files
    weigh where a merge asks: at least one row, with null files where none is unread. `build` says which reads
    count (`_build`), `is_kept` that the table stands and goes on; `versions` are snapshots of the ledger's tables, where the engine keeps such. -#}
{% macro _unread_query(table, build, is_kept, versions=none) -%}
{%- set name = dms_lake._literal(table.name) -%}
{#- Only a merge into latest asks what the files weigh (`_key_bounds`). -#}
{#- A history of snapshots reads all of a day that it reads any of: what a day lacks is said by all of its files. -#}
{%- set is_by_day = table.generations == 'snapshots' and model.config.materialized == 'history' and is_kept -%}
{%- set is_weighed = dms_lake._merges() and model.config.materialized == 'latest' -%}
{%- set at = {'files': '', 'reads': '', 'generations': ''} -%}
{%- for ledger, version in (versions or {}).items() -%} {%- do at.update({ledger: ' for version as of ' ~ version}) -%} {%- endfor -%}
with

newest as (

    select
        coalesce(max(generation), 1) as newest,
        max(generation) is null as is_unknown
    from {{ dms_lake._ledger('generations') }}{{ at.generations }}
    where state = 'complete'
        and source_table = {{ name }}

),

unread as (

    select
        files.file,
        files.path,
        files.phase,
        files.generation,
        files.status,
        files.last_modified,
        files.size_bytes,
        files.reading,
        files.stamp,
        {{ 'reads.file is not null' if is_by_day else 'false' }} as is_known,
        {{ dms_lake._was_read(name, build, at.reads) if is_kept and model.config.materialized == 'latest' else 'false' }} as is_read_again
    from {{ dms_lake._ledger('files') }}{{ at.files }} as files
    left join {{ dms_lake._ledger('reads') }}{{ at.reads }} as reads
        on reads.model = {{ dms_lake._literal(model.unique_id) }}
        and reads.source_table = files.source_table
        and reads.file = files.file
        and reads.last_modified = files.last_modified
        and coalesce(reads.reading, 0) = coalesce(files.reading, 0) {{- dms_lake._of_build('reads', build) }}
    where files.source_table = {{ name }}
        {%- if is_kept %}
        and files.status in ('readable', 'vanished')
        and {{ "(reads.file is null or files.status = 'readable')" if is_by_day else 'reads.file is null' }}
        {%- else %}
        and (
            files.status in ('readable', 'vanished')
            or (
                files.status in ('expired', 'forgotten')
                and reads.file is not null
                and files.generation = (select newest from newest)
            )
        )
        {%- endif %}

)
{%- if is_by_day %},

{{ dms_lake._read_by_day(name, at.files) }}
{%- endif %}

select
    newest.*,
    {{ dms_lake._newest_files(table, at.files) | indent(4) }} as newest_files,
    {{ '(select sum(size_bytes) from ' ~ dms_lake._ledger('files') ~ at.files ~ ' where source_table = ' ~ name ~ ')' if is_weighed else 0 }} as listed_bytes,
    unread.*{{ ', cast(null as bigint) as files_of_generation' if not is_by_day }}
from newest
left join {{ 'read_by_day as unread' if is_by_day else 'unread' }} on true
order by unread.generation nulls first, unread.phase desc nulls last, unread.stamp nulls first, unread.file nulls first
{%- endmacro %}

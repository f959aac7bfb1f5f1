{#- The ledger after a write: which files were read, in the versions that were planned, and what the write did.
    On DuckDB in the write's own transaction; elsewhere after its commit, and a crash between them means reading again. There rows are
    only added, for what an older build of the table had read counts no longer anyway: so models that end at once never conflict. -#}
{% macro _record_run(table, files, is_kept, facts) -%}
    {%- set reads = dms_lake._ledger('reads') -%}
    {%- set name = dms_lake._literal(model.unique_id) -%}
    {%- do dms_lake._report_ties(table, facts.undecided_ties) -%}
    {%- set statements = [] -%}
    {%- set build = dms_lake._unread(table).build if is_kept else dms_lake._build() -%}
    {%- if not is_kept -%}
        {%- do statements.append("delete from " ~ reads ~ " where model = " ~ name) if not build -%}
    {%- endif -%}
    {%- do statements.extend(dms_lake._note_masks(table, build, is_kept)) -%}
    {%- for batch in ([files] if files and files[0].set else (files or []) | rejectattr('is_known') | batch(1000)) -%}
        {%- set query -%}
insert into {{ reads }}
select
    {{ name }}, {{ dms_lake._literal(table.name) }}, planned.file, cast(planned.last_modified as timestamp(6)), planned.generation,
    '{{ invocation_id }}', {{ dms_lake._now() }}, planned.reading, {{ dms_lake._literal(build) if build else 'null' }}
from {{ dms_lake._planned(batch) }}
        {%- endset -%}
        {%- do statements.append(query) -%}
    {%- endfor -%}
    {%- set query -%}
insert into {{ dms_lake._ledger('runs') }}
select
    {{ name }}, {{ dms_lake._literal(table.name) }}, '{{ invocation_id }}', {{ 'false' if is_kept else 'true' }}, {{ files | default([], true) | length }},
    {{ facts.rows_written }}, {{ facts.rows_deleted }}, {{ facts.undecided_ties }}, {{ dms_lake._run_time() }}, {{ dms_lake._now() }}
    {%- endset -%}
    {%- do statements.append(query) -%}
    {%- for statement in statements -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
{%- endmacro %}

{#- The planned files as a relation `planned`. -#}
{% macro _planned(files) -%}
    {%- if files[0].set -%}
({{ files[0].set }}) as planned
where planned.status = 'readable' and not planned.is_known
    {%- else -%}
(
    values
        {%- for file in files %}
    ({{ dms_lake._literal(file.file) }}, '{{ file.last_modified }}', {{ file.generation }}, {{ file.reading }}){{ ',' if not loop.last }}
        {%- endfor %}
) as planned (file, last_modified, generation, reading)
    {%- endif -%}
{%- endmacro %}

{#- Ties that nobody can decide are said, or refused where the registry wants that. -#}
{% macro _report_ties(table, undecided_ties) -%}
    {%- if undecided_ties -%}
        {%- set message = undecided_ties ~ " undecided tie(s) in `" ~ table.name ~ "`: " ~ dms_lake._undecided_means() -%}
        {%- if table.undecided_ties == 'fail' -%}
            {%- do dms_lake._fail(model.name, message) -%}
        {%- endif -%}
        {%- do exceptions.warn("dms_lake: " ~ message) -%}
    {%- endif -%}
{%- endmacro %}

{#- What an undecided tie is, and what cures it. -#}
{% macro _undecided_means() -%}
    {{- return("rows of one key that no order fact of DMS tells apart. Add the AR_H_CHANGE_SEQ column to the task (docs/order.md).") -}}
{%- endmacro %}

{#- The ledger after a write, in the same transaction: which files were read, and what the write did. -#}
{% macro _record_run(table, files, is_kept, is_latest) -%}
    {%- set reads = dms_lake._ledger('reads') -%}
    {%- set name = dms_lake._literal(model.unique_id) -%}
    {%- set facts = run_query("select * from dms_lake_batch_facts").rows[0] -%}
    {%- if facts.undecided_ties -%}
        {%- set message = facts.undecided_ties ~ " undecided tie(s) in `" ~ table.name ~ "`: rows of one key that no order fact of DMS tells apart. Add the AR_H_CHANGE_SEQ column to the task (docs/order.md)." -%}
        {%- if table.undecided_ties == 'fail' -%}
            {%- do dms_lake._fail(model.name, message) -%}
        {%- endif -%}
        {%- do exceptions.warn("dms_lake: " ~ message) -%}
    {%- endif -%}
    {%- call statement('record') -%}
        {%- if not is_kept %}
delete from {{ reads }} where model = {{ name }};
        {%- endif %}
        {%- if files %}
insert into {{ reads }}
select
    {{ name }}, files.source_table, files.file, files.last_modified, files.generation, '{{ invocation_id }}', now() at time zone 'UTC'
from {{ dms_lake._ledger('files') }} as files
where files.source_table = {{ dms_lake._literal(table.name) }}
    and files.status = 'readable'
    and {{ dms_lake._files_filter(files) | replace('_cdc_file_path', 'files.path') }};
        {%- endif %}
insert into {{ dms_lake._ledger('runs') }} values (
    {{ name }}, {{ dms_lake._literal(table.name) }}, '{{ invocation_id }}', {{ 'false' if is_kept else 'true' }}, {{ files | default([], true) | length }},
    {{ facts.rows_written }}, {{ facts.rows_deleted }}, {{ facts.undecided_ties }},
    timestamp '{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}', now() at time zone 'UTC'
);
    {%- endcall -%}
{%- endmacro %}

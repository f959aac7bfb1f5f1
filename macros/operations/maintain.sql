{#- Compact Iceberg tables that have gathered many small files or delete files, and expire old snapshots with the files that only
    they need. Each is one commit that changes no row: a reader sees the table before or after it, and a run that commits meanwhile
    wins. Before, reads of tables that were replaced since go out of the ledger: they count no longer. Raw tables are left alone: the
    names of their files say what was landed. -#}
{% macro maintain(
    tables=none, excess_files=20, deletes_per_file=2, delete_files=100, old_snapshots=20, ledger_hours=24, table_hours=120, is_dry=false
) -%}
    {%- if target.type != 'athena' -%}
        {%- do dms_lake._fail("maintain", "the target `" ~ target.name ~ "` is of type " ~ target.type ~ "; only Iceberg tables on Athena need maintenance.") -%}
    {%- endif -%}
    {%- for batch in dms_lake._maintained(tables, ledger_hours, table_hours) | batch(20) -%}
        {%- set due = {} -%}
        {%- for row in run_query(dms_lake.table_health(batch)).rows -%}
            {%- set excess = row.excess_files | int -%}
            {%- set deletes = row.delete_files | int -%}
            {%- set files = row.data_files | int -%}
            {%- do due.update({row.name: {
                'is_loose': excess >= excess_files or deletes >= delete_files or (deletes and deletes >= deletes_per_file * files),
                'is_old': row.old_snapshots | int >= old_snapshots,
                'what': files ~ " data file(s) (" ~ excess ~ " more than needed), " ~ deletes ~ " delete file(s), " ~ row.old_snapshots | int ~ " old snapshot(s)",
            }}) -%}
        {%- endfor -%}
        {%- for item in batch if due.get(item.name, {}).get('is_loose') or due.get(item.name, {}).get('is_old') -%}
            {%- do log("dms_lake_begun " ~ item.name) -%}
            {%- set done = due[item.name] -%}
            {%- if done.is_loose and not is_dry -%}
                {%- do dms_lake._forget_older_builds() if item.name == 'dms_lake_reads' -%}
                {%- do adapter.run_operation_with_potential_multiple_runs(dms_lake.compact(item.relation), "optimize") -%}
            {%- endif -%}
            {%- if done.is_old and not is_dry -%}
                {%- do run_query(dms_lake.keep_snapshots(item.relation, item.hours)) -%}
                {%- do adapter.run_operation_with_potential_multiple_runs(dms_lake.expire(item.relation), "vacuum") -%}
            {%- endif -%}
            {%- do log("dms_lake_maintained " ~ item.name ~ ": " ~ done.what ~ "; " ~ (['compacted'] * done.is_loose + ['expired'] * done.is_old) | join(' and '), info=true) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

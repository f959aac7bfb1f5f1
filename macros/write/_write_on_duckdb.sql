{#- One write of a table and its ledger, in one transaction: readers see the table before or after, and a run that dies
    leaves both as they were. `match` joins the held rows that a batch replaces; without it a batch replaces its files' rows. -#}
{% macro _write_on_duckdb(table, match, is_latest) -%}
    {%- set is_history = model.config.materialized == 'history' -%}
    {%- set target_relation = this.incorporate(type='view' if is_history else 'table') -%}
    {%- set existing = load_relation(dms_lake._stored()) -%}
    {%- set plan = dms_lake._plan(table) if is_latest else {'files': dms_lake._unread_files(table), 'is_kept': dms_lake._is_incremental()} -%}
    {%- set files = plan.files -%}
    {%- set is_kept = plan.is_kept -%}
    {%- set must_write = plan.get('must_write', files or not is_kept) -%}
    {%- if existing is not none and existing.is_view and not flags.FULL_REFRESH -%}
        {%- do dms_lake._fail(model.name, "a view of this name stands where the table should be. Drop it, or run with --full-refresh.") -%}
    {%- endif -%}
    {%- if is_kept -%}
        {%- do dms_lake._check_masks_unchanged(table) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- do dms_lake.read_only(table, files) -%}
    {%- do dms_lake.take_mask_key(table, must_write) -%}
    {%- if is_kept and must_write -%}
        {%- do dms_lake._check_mask_key(table) -%}
    {%- endif -%}
    {%- if not is_kept -%}
        {%- do dms_lake._replace_on_duckdb(existing, is_latest) -%}
    {%- elif must_write -%}
        {%- do dms_lake._evolve_on_duckdb(table if is_latest else none, dms_lake._stored()) -%}
        {%- do dms_lake._update_on_duckdb(match, files) -%}
    {%- else -%}
        {%- call statement('main') -%} select 'nothing new' {%- endcall -%}
    {%- endif -%}
    {%- if must_write -%}
        {%- do dms_lake._check_unchanged(table, files) -%}
        {%- do dms_lake._record_run(table, files, is_kept, run_query("select * from dms_lake_batch_facts").rows[0]) -%}
    {%- endif -%}
    {%- if is_history -%}
        {%- do dms_lake._show_versions_on_duckdb(table) -%}
    {%- endif -%}
    {%- do dms_lake.take_mask_key(table, false) -%}
    {%- do dms_lake.read_only(table, none) -%}

    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, not is_kept)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{- return(target_relation) -}}
{%- endmacro %}

{#- One write of a table in one commit, then its ledger: a run that dies between them reads the same files again, which a guarded
    merge makes harmless. `match` joins the held rows that a batch replaces; without it a batch replaces its files' rows. -#}
{% macro _write_on_athena(table, match, is_latest) -%}
    {%- set is_history = model.config.materialized == 'history' -%}
    {%- set target_relation = this.incorporate(type='view' if is_history else 'table') -%}
    {%- set existing = load_relation(dms_lake._stored()) -%}
    {%- set plan = dms_lake._plan(table) if is_latest else {'files': dms_lake._unread_files(table), 'is_kept': dms_lake._is_incremental()} -%}
    {%- set files = plan.files -%}
    {%- set must_write = plan.get('must_write', files or not plan.is_kept) -%}
    {%- do dms_lake._check_existing(existing) -%}
    {%- if is_history -%}
        {%- do dms_lake._check_no_table() -%}
    {%- endif -%}
    {%- if plan.is_kept -%}
        {%- do dms_lake._check_masks_unchanged(table) -%}
        {%- do dms_lake._check_mask_key(table) if must_write -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if not plan.is_kept -%}
        {%- do dms_lake._replace_on_athena(table, existing, files, is_latest) -%}
    {%- elif must_write -%}
        {%- do dms_lake._bridge_versions(table) if is_history -%}
        {%- do dms_lake._evolve_on_athena(table if is_latest else none) -%}
        {%- do dms_lake._rewrite_keys_on_athena(table) if is_history else dms_lake._update_on_athena(table, match, files) -%}
    {%- else -%}
        {%- call noop_statement('main', message='nothing new', code='OK', rows_affected=0) -%} select 'nothing new' {%- endcall -%}
    {%- endif -%}
    {%- if must_write -%}
        {%- do dms_lake._record_run(table, files, plan.is_kept, dms_lake._run_facts(is_latest)) -%}
    {%- endif -%}
    {%- if is_history -%}
        {%- do dms_lake._show_versions_on_athena(table) -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- if must_write -%}
        {%- for relation in [target_relation] + ([dms_lake._stored()] if is_history else []) -%}
            {%- do dms_lake._dress_on_athena(relation) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(target_relation) -}}
{%- endmacro %}

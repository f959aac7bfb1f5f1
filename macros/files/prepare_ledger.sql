{#- Create the ledger's tables where they are missing; called by on-run-start. Grain of each on its own line. -#}
{% macro prepare_ledger() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'run-operation', 'seed', 'test'] and target.type == 'duckdb' -%}
        {%- do run_query(dms_lake._ledger_ddl()) -%}
    {%- endif -%}
{%- endmacro %}

{% macro _ledger_ddl() -%}
create schema if not exists {{ dms_lake._quoted(target.schema) }};
-- one row per source table, file and version of the file that a listing has seen
create table if not exists {{ dms_lake._ledger('files') }} (
    source_table varchar, file varchar, path varchar, size_bytes bigint, last_modified timestamp, phase varchar,
    stamp varchar, generation integer, status varchar, listed_at timestamp
);
-- one row per model, file and version of the file that the model has read
create table if not exists {{ dms_lake._ledger('reads') }} (
    model varchar, source_table varchar, file varchar, last_modified timestamp, generation integer,
    invocation_id varchar, read_at timestamp
);
-- one row per source table and generation (a full load, or a truncate, and the changes after it)
create table if not exists {{ dms_lake._ledger('generations') }} (
    source_table varchar, generation integer, began_at timestamp, state varchar, reason varchar, opened_at timestamp
);
-- one row per source table and column that files hold and the registry lacks
create table if not exists {{ dms_lake._ledger('columns') }} (
    source_table varchar, column_name varchar, column_type varchar, first_file varchar, found_at timestamp
);
-- one row per model and run that wrote
create table if not exists {{ dms_lake._ledger('runs') }} (
    model varchar, source_table varchar, invocation_id varchar, is_full_refresh boolean, files_read bigint,
    rows_written bigint, rows_deleted bigint, undecided_ties bigint, started_at timestamp, finished_at timestamp
);
{%- endmacro %}

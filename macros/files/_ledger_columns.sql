{#- The columns of each of the ledger's tables, with engine-neutral types.
    files: one row per source table, file and version of the file that a listing has seen; `reading` counts how often it was to be read again.
    reads: one row per model, build of its table (`_build`), and version and reading of a file that the model has read.
    generations: one row per source table and generation (a full load, or a truncate, and the changes after it).
    columns: one row per source table and column that files hold and the registry lacks.
    runs: one row per model and run that wrote.
    streams: one row per source table, file of a stream, and run of its load records or changes.
    masks: one row per model of a table with masks, and build of its table: the masks under which its rows were stored, and a mark of the key of `hash` (`_key_mark`).
    costs: one row per node and `lake run` on Athena: what all its statements cost, and the budget it had then. -#}
{% macro _ledger_columns() -%}
    {{- return({
        'files': {
            'source_table': 'varchar', 'file': 'varchar', 'path': 'varchar', 'size_bytes': 'bigint', 'last_modified': 'timestamp',
            'phase': 'varchar', 'stamp': 'varchar', 'generation': 'integer', 'status': 'varchar', 'listed_at': 'timestamp', 'reading': 'integer'
        },
        'reads': {
            'model': 'varchar', 'source_table': 'varchar', 'file': 'varchar', 'last_modified': 'timestamp',
            'generation': 'integer', 'invocation_id': 'varchar', 'read_at': 'timestamp', 'reading': 'integer', 'build': 'varchar'
        },
        'generations': {
            'source_table': 'varchar', 'generation': 'integer', 'began_at': 'timestamp', 'state': 'varchar',
            'reason': 'varchar', 'opened_at': 'timestamp'
        },
        'columns': {
            'source_table': 'varchar', 'column_name': 'varchar', 'column_type': 'varchar', 'first_file': 'varchar',
            'found_at': 'timestamp'
        },
        'runs': {
            'model': 'varchar', 'source_table': 'varchar', 'invocation_id': 'varchar', 'is_full_refresh': 'boolean',
            'files_read': 'bigint', 'rows_written': 'bigint', 'rows_deleted': 'bigint', 'undecided_ties': 'bigint',
            'started_at': 'timestamp', 'finished_at': 'timestamp'
        },
        'streams': {'source_table': 'varchar', 'file': 'varchar', 'phase': 'varchar', 'first_at': 'timestamp', 'last_at': 'timestamp'},
        'masks': {'model': 'varchar', 'masks': 'varchar', 'build': 'varchar', 'key_mark': 'varchar'},
        'costs': {
            'node': 'varchar', 'invocation_id': 'varchar', 'statements': 'bigint', 'seconds': 'double', 'scanned_bytes': 'bigint',
            'budget_seconds': 'double', 'budget_bytes': 'bigint', 'noted_at': 'timestamp'
        },
    }) -}}
{%- endmacro %}

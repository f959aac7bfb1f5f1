with

runs as (

    select
        split_part(model, '.', 3) as model,
        source_table,
        invocation_id,
        is_full_refresh,
        files_read,
        rows_written,
        rows_deleted,
        undecided_ties,
        started_at,
        finished_at
    from {{ dms_lake._ledger('runs') }}

)

select * from runs

with

files as (

    select * from {{ ref('aud_files') }}

),

runs as (

    select * from {{ ref('aud_runs') }}

),

undeclared as (

    select
        source_table,
        count(*) as undeclared_columns
    from {{ ref('aud_columns') }}
    group by source_table

),

file_counts as (

    select
        source_table,
        count(*) filter (where status = 'readable') as files,
        count(*) filter (where status = 'held') as files_held_back,
        count(*) filter (where status = 'vanished') as files_vanished,
        count(*) filter (where status = 'readable' and models_that_read_it = 0) as files_unread,
        sum(size_bytes) filter (where status = 'readable') as size_bytes,
        max(generation) as generation,
        max(stamp) filter (where phase = 'change') as last_change_stamp,
        max(last_modified) as last_modified
    from files
    group by source_table

),

run_sums as (

    select
        source_table,
        sum(undecided_ties) as undecided_ties,
        max(finished_at) as last_written_at
    from runs
    group by source_table

),

tables as (

    select
        file_counts.*,
        coalesce(undeclared.undeclared_columns, 0) as undeclared_columns,
        coalesce(run_sums.undecided_ties, 0) as undecided_ties,
        run_sums.last_written_at
    from file_counts
    left join undeclared using (source_table)
    left join run_sums using (source_table)

)

select * from tables

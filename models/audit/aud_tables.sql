with

file_counts as (

    select * from {{ ref('aud_file_counts') }}

),

undeclared as (

    select
        source_table,
        count(*) as undeclared_columns
    from {{ ref('aud_columns') }}
    group by source_table

),

run_sums as (

    select * from {{ ref('aud_run_sums') }}

),

tables as (

    select
        file_counts.*,
        coalesce(undeclared.undeclared_columns, 0) as undeclared_columns,
        coalesce(run_sums.undecided_ties, 0) as undecided_ties,
        run_sums.last_written_at
    from file_counts
    left join undeclared
        on file_counts.source_table = undeclared.source_table
    left join run_sums
        on file_counts.source_table = run_sums.source_table

)

select * from tables

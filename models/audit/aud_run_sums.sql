with

runs as (

    select * from {{ ref('aud_runs') }}

),

run_sums as (

    select
        source_table,
        sum(undecided_ties) as undecided_ties,
        max(finished_at) as last_written_at
    from runs
    group by source_table

)

select * from run_sums

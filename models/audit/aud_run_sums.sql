{#- A full refresh counts anew what was read before; latest and history meet the same ties. -#}
with

runs as (

    select
        *,
        max(case when is_full_refresh then finished_at end) over (partition by model) as since
    from {{ ref('aud_runs') }}

),

model_sums as (

    select
        source_table,
        model,
        sum(case when finished_at >= since then undecided_ties end) as undecided_ties,
        max(finished_at) as last_written_at
    from runs
    group by source_table, model

),

run_sums as (

    select
        source_table,
        coalesce(
            max(case when model in ({{ dms_lake._latest_names() }}) then undecided_ties end),
            max(undecided_ties)
        ) as undecided_ties,
        max(last_written_at) as last_written_at
    from model_sums
    group by source_table

)

select * from run_sums

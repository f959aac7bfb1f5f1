with

costs as (

    select
        split_part(node, '.', 1) as resource_type,
        coalesce(nullif(split_part(node, '.', 3), ''), node) as name,
        invocation_id,
        statements,
        seconds,
        scanned_bytes,
        budget_seconds,
        budget_bytes,
        coalesce(seconds > budget_seconds or scanned_bytes > budget_bytes, false) as is_over_budget,
        noted_at
    from {{ dms_lake._ledger('costs') }}

)

select * from costs

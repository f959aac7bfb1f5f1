with

generations as (

    select
        source_table,
        generation,
        began_at,
        state,
        reason,
        opened_at
    from {{ dms_lake._ledger('generations') }}

)

select * from generations

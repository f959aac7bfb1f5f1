with

undeclared as (

    select
        source_table,
        column_name,
        column_type,
        first_file,
        found_at
    from {{ dms_lake._ledger('columns') }}

)

select * from undeclared

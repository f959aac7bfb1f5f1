with

customers as (

    select
        "Full Name" as full_name,
        credit
    from {{ ref('cur_crm__customer') }}

)

select * from customers

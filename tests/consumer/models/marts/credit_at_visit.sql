with

visits as (

    select * from {{ ref('cur_crm__visit') }}

),

customers as (

    select * from {{ ref('hst_crm__customer') }}

),

joined as (

    select
        visits.visited_on,
        visits.customer_id,
        customers."Full Name" as full_name,
        customers.credit
    from visits
    left join customers
        on visits.customer_id = customers.id
        and {{ dms_lake.held_at('customers', 'visits.visited_on') }}

)

select * from joined

{% do dms_lake._room('view') %}
with

sales as (

    select * from {{ ref('cur_sales__sales_event') }}

),

days as (

    select * from {{ ref('dim_date') }}

),

dated as (

    select
        sales._cdc_row_id as sale_id,
        days.d_datekey,
        sales.orderdate as ordered_at,
        sales.itemid as item_id,
        sales.category as item_category,
        sales.quantity as items_sold,
        cast(sales.price as {{ dms_lake.data_type('decimal(18,4)') }}) as item_price,
        sales.destinationstate as destination_state,
        sales.shippingtype as shipping_type,
        sales.referral as referred_by
    from sales
    -- By day: a time of day is never equal to a date, but at midnight.
    left join days on cast(sales.orderdate as date) = days.d_prettydate

)

select * from dated

{% do dms_lake._room('table') %}
with

purchases as (

    select * from {{ ref('cur_purchases__purchase_temp') }}

),

items as (

    select
        customerid,
        orderid,
        {{ dms_lake.map_of('productid', 'quantity') }} as quantities
    from purchases
    group by customerid, orderid

)

select * from items

{% do dms_lake._room('table') %}
{% set last_first = 'product._cdc_version_number desc nulls last,'
    ~ ' store._cdc_version_number desc nulls last' %}
with

-- Every version that held on the order's day.
versions as (

    select
        orders.*,
        product.name as product_name,
        product.price,
        store.city as store_city,
        row_number() over (partition by orders._cdc_row_id order by {{ last_first }}) as place
    from {{ ref('cur_shop__productorder') }} as orders
    left join {{ ref('hst_shop__product') }} as product
        on orders.product_id = product.id and {{ dms_lake.held_on('product', 'orders.order_date') }}
    left join {{ ref('hst_shop__store') }} as store
        on orders.store_id = store.id and {{ dms_lake.held_on('store', 'orders.order_date') }}

),

placed as (

    select
        _cdc_row_id as order_row_id,
        id as order_id,
        order_date,
        product_id,
        product_name,
        price,
        store_id,
        store_city,
        quantity
    from versions
    where place = 1

)

select * from placed

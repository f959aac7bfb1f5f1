{% do dms_lake._room('table') %}
with

sales as (

    select * from {{ ref('fct_sales') }}

),

days as (

    select * from {{ ref('dim_date') }}

),

totals as (

    select
        coalesce(days.d_dayofweek, 'unknown') as d_dayofweek,
        count(*) as sale_count,
        cast(sum(sales.items_sold) as bigint) as quantity,
        cast(
            sum(sales.items_sold * sales.item_price) as {{ dms_lake.data_type('decimal(38,4)') }}
        ) as amount
    from sales
    left join days on sales.d_datekey = days.d_datekey
    group by coalesce(days.d_dayofweek, 'unknown')

)

select * from totals

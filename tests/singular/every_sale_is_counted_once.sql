{{ config(enabled=project_name == 'dms_lake') }}
-- The marts of the sales must add up to the sales.
with

sums as (

    select
        (select count(*) from {{ ref('cur_sales__sales_event') }}) as sales,
        (select sum(sale_count) from {{ ref('sales_by_season') }}) as in_seasons,
        (select sum(sale_count) from {{ ref('sales_by_weekday') }}) as on_weekdays

),

differences as (

    select * from sums
    where sales != coalesce(in_seasons, 0) or sales != coalesce(on_weekdays, 0)

)

select * from differences

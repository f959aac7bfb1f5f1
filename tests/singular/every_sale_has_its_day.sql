{{ config(enabled=project_name == 'dms_lake') }}
-- Sales on a day of the calendar that found none of its rows.
-- A join of a time with a date loses all sales but those of midnight.
with

calendar as (

    select
        min(d_prettydate) as first_day,
        max(d_prettydate) as last_day
    from {{ ref('dim_date') }}

),

lost_sales as (

    select sales.*
    from {{ ref('fct_sales') }} as sales
    inner join calendar
        on cast(sales.ordered_at as date) between calendar.first_day and calendar.last_day
    where sales.d_datekey is null

)

select * from lost_sales

{% do dms_lake._room('table', on_redshift=true) %}
{# A seed cannot be sorted on Redshift, a table can: on every node, in the order of its key. #}
{{ config(dist='all', sort='d_datekey') }}
with

days as (

    select * from {{ ref('date_dimension') }}

),

typed as (

    select
        cast(d_datekey as integer) as d_datekey,
        cast(d_dayofmonth as integer) as d_dayofmonth,
        cast(d_monthnum as integer) as d_monthnum,
        cast(d_dayofweek as varchar(10)) as d_dayofweek,
        cast(d_prettydate as date) as d_prettydate,
        cast(d_quarter as integer) as d_quarter,
        cast(d_half as integer) as d_half,
        cast(d_year as integer) as d_year,
        cast(d_season as varchar(10)) as d_season,
        cast(d_fiscalyear as integer) as d_fiscalyear
    from days

)

select * from typed

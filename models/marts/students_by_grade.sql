{% do dms_lake._room('table') %}
with

students as (

    select * from {{ ref('hst_school__students') }}

),

span as (

    select
        (select min(cast(_cdc_valid_from as date)) from students) as first_day,
        (
            select max(cast(_cdc_emitted_at as date)) from {{ ref('cur_school__students') }}
        ) as last_day

),

days as (

    select dim_date.d_prettydate as school_day
    from {{ ref('dim_date') }} as dim_date
    inner join span on dim_date.d_prettydate between span.first_day and span.last_day

),

counts as (

    select
        days.school_day,
        cast(students.grade as integer) as grade,
        count(*) as student_count
    from days
    inner join students on {{ dms_lake.held_at('students', 'days.school_day') }}
    group by days.school_day, students.grade

)

select * from counts

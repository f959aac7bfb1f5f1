{% do dms_lake._room('table') %}
with

students as (

    select * from {{ ref('hst_school__students') }}

),

span as (

    select
        min(cast(began_at as date)) as first_day,
        max(cast(began_at as date)) as last_day
    from {{ dms_lake._ledger('generations') }}
    where source_table = 'school.students' and state = 'complete'

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

{% do dms_lake._room('table') %}
with

courses as (

    select
        student_id,
        count(*) as course_count
    from {{ ref('cur_school__enrollments') }}
    group by student_id

),

scores as (

    select
        student_id,
        cast(sum(points) as {{ dms_lake.data_type('decimal(18,1)') }}) as points
    from {{ ref('cur_learning__scores') }}
    group by student_id

),

joined as (

    select
        students.student_id,
        students.first_name,
        cast(students.grade as integer) as grade,
        scores.points,
        coalesce(courses.course_count, 0) as course_count
    from {{ ref('cur_school__students') }} as students
    left join courses on students.student_id = courses.student_id
    left join scores on students.student_id = scores.student_id

)

select * from joined

{% do dms_lake._room('view') %}
with

keys as (

    select 'school.students' as source_table, _cdc_emitted_at, student_id, '' as course
    from {{ ref('chg_school__students') }}
    union all
    select 'school.enrollments', _cdc_emitted_at, student_id, course
    from {{ ref('chg_school__enrollments') }}

),

copies as (

    select
        source_table,
        cast(_cdc_emitted_at as date) as snapshot_date,
        student_id is not null and course is not null as has_key,
        count(*) as copies
    from keys
    group by source_table, cast(_cdc_emitted_at as date), student_id, course

),

checks as (

    select
        source_table,
        snapshot_date,
        sum(copies) as row_count,
        sum(case when has_key then 1 else 0 end) as key_count,
        sum(case when has_key then copies - 1 else 0 end) as duplicate_rows,
        sum(case when has_key then 0 else copies end) as rows_without_key
    from copies
    group by source_table, snapshot_date

)

select * from checks

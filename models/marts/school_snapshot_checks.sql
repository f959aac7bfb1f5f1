{% do dms_lake._room('view') %}
with

keys as (

    select
        'school.students' as source_table,
        cast(_cdc_emitted_at as date) as snapshot_date,
        cast(student_id as varchar) as record_key
    from {{ ref('chg_school__students') }}
    union all
    select
        'school.enrollments' as source_table,
        cast(_cdc_emitted_at as date) as snapshot_date,
        cast(student_id as varchar) || ' ' || course as record_key
    from {{ ref('chg_school__enrollments') }}

),

checks as (

    select
        source_table,
        snapshot_date,
        count(*) as row_count,
        count(distinct record_key) as key_count,
        count(record_key) - count(distinct record_key) as duplicate_rows,
        count(*) - count(record_key) as rows_without_key
    from keys
    group by source_table, snapshot_date

)

select * from checks

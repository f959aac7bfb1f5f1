{% do dms_lake._room('view') %}
{%- set keys = {'students': ['student_id'], 'enrollments': ['student_id', 'course']} -%}
with

{% for table, key in keys.items() -%}
{{ table }} as (

    select
        'school.{{ table }}' as source_table,
        cast(_cdc_emitted_at as date) as snapshot_date,
        {{ key | join(' is not null and ') }} is not null as has_key,
        count(*) as copies
    from {{ ref('chg_school__' ~ table) }}
    group by cast(_cdc_emitted_at as date), {{ key | join(', ') }}

),

{% endfor -%}
keys as (

    {% for table in keys -%}
    select * from {{ table }}{{ ' union all' if not loop.last }}
    {% endfor %}
),

checks as (

    select
        source_table,
        snapshot_date,
        sum(copies) as row_count,
        sum(case when has_key then 1 else 0 end) as key_count,
        sum(case when has_key then copies - 1 else 0 end) as duplicate_rows,
        sum(case when has_key then 0 else copies end) as rows_without_key
    from keys
    group by source_table, snapshot_date

)

select * from checks

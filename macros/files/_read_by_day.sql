{#- CTEs that end in `read_by_day`: the unread files, and beside them all that is there of their days. `at` is a snapshot of the ledger. -#}
{% macro _read_by_day(name, at) -%}
days as (

    select
        generation,
        count(distinct file) as files_of_generation
    from {{ dms_lake._ledger('files') }}{{ at }}
    where source_table = {{ name }}
        and status != 'left_over'
    group by generation

),

read_by_day as (

    select
        unread.*,
        days.files_of_generation
    from unread
    inner join days
        on days.generation = unread.generation
    where not unread.is_known
        or unread.generation in (select fresh.generation from unread as fresh where not fresh.is_known and fresh.status = 'readable')

)
{%- endmacro %}

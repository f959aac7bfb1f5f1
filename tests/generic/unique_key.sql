{#- Keys of several columns that stand in more than one row. -#}
{% test unique_key(model, columns) %}
{%- if columns is string or not columns -%}
    {%- do dms_lake._fail("unique_key", "`columns` is `" ~ columns ~ "`; it must be a list of column names, e.g. [order_id, line].") -%}
{%- endif -%}
with

repeated_keys as (

    select
        {{ dms_lake._quoted_all(columns) | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ dms_lake._quoted_all(columns) | join(', ') }}
    having count(*) > 1

)

select * from repeated_keys
{% endtest %}

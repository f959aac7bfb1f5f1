{#- True for every version of a living key that held at some moment of a day; a join keeps the one of the highest
    `_cdc_version_number`, the last of that day. So what was new on the day is found, and what was deleted on it too. -#}
{% macro held_on(alias, day) -%}
    {%- do dms_lake._check_expressions('held_on', alias, 'day', day, "an expression that yields a date, e.g. \"orders.order_date\".") -%}
(
    not {{ alias }}._cdc_is_deleted
    and ({{ alias }}._cdc_valid_from is null or cast({{ alias }}._cdc_valid_from as date) <= {{ day }})
    and ({{ alias }}._cdc_valid_to is null or {{ alias }}._cdc_valid_to > cast({{ day }} as {{ dms_lake.data_type('timestamp') }}))
    and ({{ alias }}._cdc_valid_from is null or {{ alias }}._cdc_valid_to is null or {{ alias }}._cdc_valid_from < {{ alias }}._cdc_valid_to)
)
{%- endmacro %}

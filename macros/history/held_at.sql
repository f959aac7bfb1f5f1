{#- True for the version of a living key that held at a moment; as the condition of a join, the moment may differ by row. -#}
{% macro held_at(alias, moment) -%}
    {%- do dms_lake._check_expressions('held_at', alias, 'moment', moment, "an expression that yields a timestamp in UTC, e.g. \"orders.ordered_at\" or \"timestamp '2024-01-02 00:00:00'\".") -%}
(
    not {{ alias }}._cdc_is_deleted
    and ({{ alias }}._cdc_valid_from is null or {{ alias }}._cdc_valid_from <= {{ moment }})
    and ({{ alias }}._cdc_valid_to is null or {{ alias }}._cdc_valid_to > {{ moment }})
)
{%- endmacro %}

{#- True for the version of a living key that held at a moment; as the condition of a join, the moment may differ by row. -#}
{% macro held_at(alias, moment) -%}
    {%- for name, given in [('alias', alias), ('moment', moment)] if given is not string or not given.strip() -%}
        {%- do dms_lake._fail(
            "held_at", "`" ~ name ~ "` is `" ~ given ~ "`; it must be a text, "
            ~ ("the name under which a history stands in the query, e.g. 'product'." if name == 'alias' else "an expression that yields a timestamp in UTC, e.g. \"orders.ordered_at\" or \"timestamp '2024-01-02 00:00:00'\".")
        ) -%}
    {%- endfor -%}
(
    not {{ alias }}._cdc_is_deleted
    and ({{ alias }}._cdc_valid_from is null or {{ alias }}._cdc_valid_from <= {{ moment }})
    and ({{ alias }}._cdc_valid_to is null or {{ alias }}._cdc_valid_to > {{ moment }})
)
{%- endmacro %}

{#- The CTEs that end in `remembered`, for snapshots. The log has a row of a day only where that says otherwise than the day before, so
    a day without a row repeats what was. A run of later days takes the keys that these alter, each with its tail; any other run takes all. -#}
{% macro _remembered_days(table, plan) -%}
{%- if dms_lake._knows_tails(table, plan) -%}
{{ dms_lake._altered_by_days(table, plan) }}
{%- else -%}
{{ dms_lake._days_placed_anew(table, plan) }}
{%- endif -%}
{%- endmacro %}

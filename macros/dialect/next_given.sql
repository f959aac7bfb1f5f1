{#- The value, never null, of the next row of a window for which a condition holds; null where there is none. -#}
{% macro next_given(expression, condition, window) -%}
    {{- return(adapter.dispatch('next_given', 'dms_lake')(expression, condition, window)) -}}
{%- endmacro %}

{% macro default__next_given(expression, condition, window) -%}
    {%- do dms_lake._not_implemented('next_given') -%}
{%- endmacro %}

{% macro duckdb__next_given(expression, condition, window) -%}
    lead(case when {{ condition }} then {{ expression }} end ignore nulls) over ({{ window }})
{%- endmacro %}

{% macro athena__next_given(expression, condition, window) -%}
    lead(case when {{ condition }} then {{ expression }} end) ignore nulls over ({{ window }})
{%- endmacro %}

{% macro redshift__next_given(expression, condition, window) -%}
    {{- return(dms_lake.athena__next_given(expression, condition, window)) -}}
{%- endmacro %}

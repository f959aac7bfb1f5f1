{#- The last value for which a condition holds, null or not, in a window given as its text. -#}
{% macro last_given(expression, condition, window) -%}
    {{- return(adapter.dispatch('last_given', 'dms_lake')(expression, condition, window)) -}}
{%- endmacro %}

{% macro default__last_given(expression, condition, window) -%}
    {%- do dms_lake._not_implemented('last_given') -%}
{%- endmacro %}

{% macro duckdb__last_given(expression, condition, window) -%}
    last_value(case when {{ condition }} then {'given': {{ expression }}} end ignore nulls) over ({{ window }}).given
{%- endmacro %}

{% macro athena__last_given(expression, condition, window) -%}
    (last_value(case when {{ condition }} then row({{ expression }}) end) ignore nulls over ({{ window }}))[1]
{%- endmacro %}

{#- The digits of a text, all else left out. -#}
{% macro digits_of(expression) -%}
    {{- return(adapter.dispatch('digits_of', 'dms_lake')(expression)) -}}
{%- endmacro %}

{% macro default__digits_of(expression) -%}
    {%- do dms_lake._not_implemented('digits_of') -%}
{%- endmacro %}

{% macro duckdb__digits_of(expression) -%}
    regexp_replace({{ expression }}, '[^0-9]', '', 'g')
{%- endmacro %}

{% macro athena__digits_of(expression) -%}
    regexp_replace({{ expression }}, '[^0-9]', '')
{%- endmacro %}

{% macro redshift__digits_of(expression) -%}
    regexp_replace({{ expression }}, '[^0-9]', '')
{%- endmacro %}

{#- This moment (UTC) as an expression, one text for all engines. -#}
{% macro _now() -%}
    {{- return("cast(now() at time zone 'UTC' as timestamp(6))") -}}
{%- endmacro %}

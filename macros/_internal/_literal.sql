{#- A text as an SQL string literal. -#}
{% macro _literal(text) -%}
    {{- return("'" ~ (text | string | replace("'", "''")) ~ "'") -}}
{%- endmacro %}

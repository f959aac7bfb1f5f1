{#- Whether a text is a JSON object. -#}
{% macro _json_is_object(text) -%}
left(ltrim({{ text }}), 1) = '{' and json_valid({{ text }})
{%- endmacro %}

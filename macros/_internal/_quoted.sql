{#- A name from the registry as an identifier: reserved words, mixed case and spaces are ordinary names. -#}
{% macro _quoted(name) -%}
    {{- return('"' ~ (name | string | replace('"', '""')) ~ '"') -}}
{%- endmacro %}

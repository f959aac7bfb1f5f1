{#- A path into a JSON object as the literal of its names, each quoted. -#}
{% macro _json_path(names) -%}
    {%- set quoted = [] -%}
    {%- for name in names -%}
        {%- do quoted.append('."' ~ (name | replace('"', '\\"')) ~ '"') -%}
    {%- endfor -%}
    {{- return(dms_lake._literal('$' ~ (quoted | join))) -}}
{%- endmacro %}

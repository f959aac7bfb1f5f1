{#- The text under a name in a JSON object; null where there is none. -#}
{% macro json_text(expression, name) -%}
    {{- return(adapter.dispatch('json_text', 'dms_lake')(expression, name)) -}}
{%- endmacro %}

{% macro default__json_text(expression, name) -%}
    {%- do dms_lake._not_implemented('json_text') -%}
{%- endmacro %}

{% macro duckdb__json_text(expression, name) -%}
    json_extract_string({{ expression }}, {{ dms_lake._json_path([name]) }})
{%- endmacro %}

{% macro athena__json_text(expression, name) -%}
    json_extract_scalar({{ expression }}, {{ dms_lake._literal('$[' ~ tojson(name) ~ ']') }})
{%- endmacro %}

{% macro redshift__json_text(expression, name) -%}
    json_extract_path_text({{ expression }}, {{ dms_lake._literal(name) }}, true)
{%- endmacro %}

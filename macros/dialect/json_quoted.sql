{#- A text as a JSON string, quotes included; null stays null. -#}
{% macro json_quoted(expression) -%}
    {{- return(adapter.dispatch('json_quoted', 'dms_lake')(expression)) -}}
{%- endmacro %}

{% macro default__json_quoted(expression) -%}
    {%- do dms_lake._not_implemented('json_quoted') -%}
{%- endmacro %}

{% macro duckdb__json_quoted(expression) -%}
    cast(to_json({{ expression }}) as varchar)
{%- endmacro %}

{% macro athena__json_quoted(expression) -%}
    json_format(cast({{ expression }} as json))
{%- endmacro %}

{% macro redshift__json_quoted(expression) -%}
    json_serialize(json_parse('"' || replace(replace({{ expression }}, '\\', '\\\\'), '"', '\\"') || '"'))
{%- endmacro %}

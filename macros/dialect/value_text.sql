{#- A value of an engine-neutral type as text, bytes as upper-case hex digits; null stays null. -#}
{% macro value_text(type, expression) -%}
    {{- return(adapter.dispatch('value_text', 'dms_lake')(type, expression)) -}}
{%- endmacro %}

{% macro default__value_text(type, expression) -%}
    {%- do dms_lake._not_implemented('value_text') -%}
{%- endmacro %}

{% macro duckdb__value_text(type, expression) -%}
    {%- if type == 'binary' -%}
    hex({{ expression }})
    {%- else -%}
    cast({{ expression }} as varchar)
    {%- endif -%}
{%- endmacro %}

{% macro athena__value_text(type, expression) -%}
    {%- if type == 'binary' -%}
    to_hex({{ expression }})
    {%- else -%}
    cast({{ expression }} as varchar)
    {%- endif -%}
{%- endmacro %}

{% macro redshift__value_text(type, expression) -%}
    {%- if type == 'binary' -%}
    upper(to_hex({{ expression }}))
    {%- else -%}
    cast({{ expression }} as varchar)
    {%- endif -%}
{%- endmacro %}

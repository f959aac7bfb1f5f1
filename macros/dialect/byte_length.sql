{#- The length of a text, or of bytes, in bytes (texts in UTF-8). -#}
{% macro byte_length(value, is_binary=false) -%}
    {{- return(adapter.dispatch('byte_length', 'dms_lake')(value, is_binary)) -}}
{%- endmacro %}

{% macro default__byte_length(value, is_binary=false) -%}
    {%- do dms_lake._not_implemented('byte_length') -%}
{%- endmacro %}

{% macro duckdb__byte_length(value, is_binary=false) -%}
    {{- return(('octet_length(' if is_binary else 'strlen(') ~ value ~ ')') -}}
{%- endmacro %}

{% macro athena__byte_length(value, is_binary=false) -%}
    {{- return('length(' ~ (value if is_binary else 'to_utf8(' ~ value ~ ')') ~ ')') -}}
{%- endmacro %}

{% macro redshift__byte_length(value, is_binary=false) -%}
    {{- return('octet_length(' ~ value ~ ')') -}}
{%- endmacro %}

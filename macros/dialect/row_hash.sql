{#- A text that differs where any of the texts differs (a null differs from an empty text). -#}
{% macro row_hash(columns) -%}
    {{- return(adapter.dispatch('row_hash', 'dms_lake')(columns)) -}}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    {%- do dms_lake._not_implemented('row_hash') -%}
{%- endmacro %}

{% macro duckdb__row_hash(columns) -%}
    md5(concat_ws(chr(31), {% for column in columns %}coalesce({{ column }}, chr(30)){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro athena__row_hash(columns) -%}
    lower(to_hex(md5(to_utf8(concat_ws(chr(31), {% for column in columns %}coalesce({{ column }}, chr(30)){{ ', ' if not loop.last }}{% endfor %})))))
{%- endmacro %}

{% macro redshift__row_hash(columns) -%}
    md5({% for column in columns %}coalesce({{ column }}, chr(30)){{ " || chr(31) || " if not loop.last }}{% endfor %})
{%- endmacro %}

{#- A file's name stamp: `20240102-030405123` of a change file, `LOAD0000000A` of a load file (segment prefix and folder left out). -#}
{% macro file_stamp(path) -%}
    {{- return(adapter.dispatch('file_stamp', 'dms_lake')(path)) -}}
{%- endmacro %}

{% macro default__file_stamp(path) -%}
    {%- do dms_lake._not_implemented('file_stamp') -%}
{%- endmacro %}

{% macro duckdb__file_stamp(path) -%}
    regexp_extract({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1)
{%- endmacro %}

{% macro athena__file_stamp(path) -%}
    regexp_extract({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1)
{%- endmacro %}

{% macro redshift__file_stamp(path) -%}
    regexp_substr({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1, 1, 'e')
{%- endmacro %}

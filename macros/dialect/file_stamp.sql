{#- A file's name stamp, by which names sort in time: `20240102-030405123` of a change file, `LOAD0000000A` of a load file (segment
    prefix and folder left out), `2024-01-02-03-04-05` of a Firehose file, of any other file its whole name. -#}
{% macro file_stamp(path) -%}
    {{- return(adapter.dispatch('file_stamp', 'dms_lake')(path)) -}}
{%- endmacro %}

{% macro default__file_stamp(path) -%}
    {%- do dms_lake._not_implemented('file_stamp') -%}
{%- endmacro %}

{% macro duckdb__file_stamp(path) -%}
    coalesce(
        nullif(regexp_extract({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1), ''),
        nullif(regexp_extract({{ path }}, '([0-9]{4}(-[0-9]{2}){5})[^/]*$', 1), ''),
        regexp_extract({{ path }}, '[^/]*$')
    )
{%- endmacro %}

{% macro athena__file_stamp(path) -%}
    coalesce(
        regexp_extract({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1),
        regexp_extract({{ path }}, '([0-9]{4}(-[0-9]{2}){5})[^/]*$', 1),
        regexp_extract({{ path }}, '[^/]*$')
    )
{%- endmacro %}

{% macro redshift__file_stamp(path) -%}
    coalesce(
        nullif(regexp_substr({{ path }}, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1, 1, 'e'), ''),
        nullif(regexp_substr({{ path }}, '([0-9]{4}(-[0-9]{2}){5})[^/]*$', 1, 1, 'e'), ''),
        regexp_substr({{ path }}, '[^/]*$')
    )
{%- endmacro %}

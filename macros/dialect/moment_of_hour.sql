{#- The text `yyyymmddhh` as a timestamp. -#}
{% macro moment_of_hour(expression) -%}
    {{- return(adapter.dispatch('moment_of_hour', 'dms_lake')(expression)) -}}
{%- endmacro %}

{% macro default__moment_of_hour(expression) -%}
    {%- do dms_lake._not_implemented('moment_of_hour') -%}
{%- endmacro %}

{% macro duckdb__moment_of_hour(expression) -%}
    cast(strptime({{ expression }}, '%Y%m%d%H') as timestamp(6))
{%- endmacro %}

{% macro athena__moment_of_hour(expression) -%}
    cast(date_parse({{ expression }}, '%Y%m%d%H') as timestamp(6))
{%- endmacro %}

{% macro redshift__moment_of_hour(expression) -%}
    cast(to_timestamp({{ expression }}, 'YYYYMMDDHH24') as timestamp)
{%- endmacro %}

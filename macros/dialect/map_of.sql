{#- A map from one column of a group's rows to another, keys in order; the keys must differ and must not be null. -#}
{% macro map_of(key, value) -%}
    {{- return(adapter.dispatch('map_of', 'dms_lake')(key, value)) -}}
{%- endmacro %}

{% macro default__map_of(key, value) -%}
    {%- do dms_lake._not_implemented('map_of') -%}
{%- endmacro %}

{% macro duckdb__map_of(key, value) -%}
    map(list({{ key }} order by {{ key }}), list({{ value }} order by {{ key }}))
{%- endmacro %}

{% macro athena__map_of(key, value) -%}
    map(array_agg({{ key }} order by {{ key }}), array_agg({{ value }} order by {{ key }}))
{%- endmacro %}

{#- SUPER is its only type for it. -#}
{% macro redshift__map_of(key, value) -%}
    json_parse('{' || listagg({{ dms_lake.json_quoted(key) }} || ':' || coalesce({{ dms_lake.json_quoted('cast(' ~ value ~ ' as varchar)') }}, 'null'), ',')
        within group (order by {{ key }}) || '}')
{%- endmacro %}

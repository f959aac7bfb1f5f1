{#- Whether an expression over one column is evaluated once per distinct value of a page, as a column of its own: then a text is
    better parsed for every row than only for the rows that a case lets through. -#}
{% macro by_distinct_value() -%}
    {{- return(adapter.dispatch('by_distinct_value', 'dms_lake')()) -}}
{%- endmacro %}

{% macro default__by_distinct_value() -%}
    {%- do dms_lake._not_implemented('by_distinct_value') -%}
{%- endmacro %}

{% macro duckdb__by_distinct_value() -%}
    {{- return(false) -}}
{%- endmacro %}

{% macro athena__by_distinct_value() -%}
    {{- return(true) -}}
{%- endmacro %}

{% macro redshift__by_distinct_value() -%}
    {{- return(false) -}}
{%- endmacro %}

{#- A table's text files (CSV, JSON) as raw rows, all text, ending in the CTE `raw`: read from the files on DuckDB, landed elsewhere. -#}
{% macro text_rows(relation, table) -%}
    {{- return(adapter.dispatch('text_rows', 'dms_lake')(relation, table)) -}}
{%- endmacro %}

{% macro default__text_rows(relation, table) -%}
    {%- do dms_lake._not_implemented('text_rows') -%}
{%- endmacro %}

{% macro duckdb__text_rows(relation, table) -%}
{{ dms_lake['_' ~ table.envelope ~ '_rows'](table) }}
{%- endmacro %}

{% macro athena__text_rows(relation, table) -%}
"raw" as (

    select * from {{ relation }}

)
{%- endmacro %}

{% macro redshift__text_rows(relation, table) -%}
"raw" as (

    select * from {{ relation }}

)
{%- endmacro %}

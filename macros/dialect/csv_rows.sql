{#- A table's CSV files as raw rows, all text, ending in the CTE `raw`: read from the files on DuckDB, landed elsewhere. -#}
{% macro csv_rows(relation, table) -%}
    {{- return(adapter.dispatch('csv_rows', 'dms_lake')(relation, table)) -}}
{%- endmacro %}

{% macro default__csv_rows(relation, table) -%}
    {%- do dms_lake._not_implemented('csv_rows') -%}
{%- endmacro %}

{% macro duckdb__csv_rows(relation, table) -%}
{{ dms_lake._csv_files(table) }}
{%- endmacro %}

{% macro athena__csv_rows(relation, table) -%}
"raw" as (

    select * from {{ relation }}

)
{%- endmacro %}

{% macro redshift__csv_rows(relation, table) -%}
"raw" as (

    select * from {{ relation }}

)
{%- endmacro %}

{#- The rows of a table's Parquet files with the registry's columns and types, whatever columns each file has. -#}
{% macro parquet_rows(relation, table) -%}
    {{- return(adapter.dispatch('parquet_rows', 'dms_lake')(relation, table)) -}}
{%- endmacro %}

{% macro default__parquet_rows(relation, table) -%}
    {%- do dms_lake._not_implemented('parquet_rows') -%}
{%- endmacro %}

{% macro duckdb__parquet_rows(relation, table) -%}
    {%- if not dms_lake._has_files(table) -%}
    select
        {%- for column in dms_lake._parquet_columns(table) %}
        cast(null as {{ dms_lake.data_type(column.type) }}) as {{ dms_lake._quoted(column.name) }},
        {%- endfor %}
        cast(null as varchar) as _raw_file_path,
        cast(null as bigint) as _raw_file_row_number
    where false
    {%- else -%}
    select
        *,
        file_row_number + 1 as _raw_file_row_number
    from read_parquet(
        {{ dms_lake._files_to_read(table) }},
        hive_partitioning = false,
        filename = '_raw_file_path',
        file_row_number = true,
        schema = map {
            {%- for column in dms_lake._parquet_columns(table) %}
            {{ dms_lake._literal(column.name) }}: {name: {{ dms_lake._literal(column.name) }}, type: '{{ dms_lake.data_type(column.type) }}', default_value: null}{{ ',' if not loop.last }}
            {%- endfor %}
        }
    )
    {%- endif -%}
{%- endmacro %}

{% macro athena__parquet_rows(relation, table) -%}
    {%- if dms_lake._is_rewritten(table) -%}
    select * from {{ relation }}
    {%- else -%}
    select
        *,
        "$path" as _raw_file_path,
        cast(null as bigint) as _raw_file_row_number
    from {{ relation }}
    {%- endif -%}
{%- endmacro %}

{% macro redshift__parquet_rows(relation, table) -%}
{{ dms_lake.athena__parquet_rows(relation, table) }}
{%- endmacro %}

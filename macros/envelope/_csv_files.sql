{#- CSV files as raw rows, all text: by name where the files have a header line, by position where they have none.
    DuckDB's text: the scan of a laptop and the reading of `lake land` alike. Ends in the CTE named `result`. -#}
{% macro _csv_files(table, result='"raw"') -%}
{%- set layouts = dms_lake._csv_layouts(table) -%}
{%- set width = dms_lake._csv_width(table) -%}
{%- set token = dms_lake._literal(table.null_token) -%}
lines as materialized (

    {{ dms_lake._csv_lines(table, width, 'csv' if table.dump else none) | indent(4) }}

),

records as (

    select
        [{% for number in range(1, width + 1) %}_f{{ number }}{{ ', ' if not loop.last }}{% endfor %}] as _raw_fields,
        list_count(_raw_fields) as _raw_size,
        _raw_file_path,
        _raw_scan_row_number,
        {{ dms_lake.file_stamp('_raw_file_path') }} like 'LOAD%' as _raw_is_load
    from lines

),

first_records as (

    select
        _raw_file_path,
        min(_raw_scan_row_number) as _raw_scan_row_number
    from lines
    group by _raw_file_path

),

{% if table.header -%}
{{ dms_lake._csv_by_header(table, token, result) }}
{%- else -%}
{{ dms_lake._csv_by_position(table, layouts, token, result) }}
{%- endif %}
{%- endmacro %}

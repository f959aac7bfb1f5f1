{#- The lines of a table's JSON files as texts in file order; Firehose's Parquet gives a line for every record. -#}
{% macro _json_lines(table) -%}
{%- if not dms_lake._has_files(table, 'json' if table.dump else none) -%}
select
    cast(null as varchar) as _raw_record,
    cast(null as varchar) as _raw_file_path,
    cast(null as bigint) as _raw_line_number
where false
{%- elif table.file_format == 'parquet' -%}
select
    cast(to_json(structs) as varchar) as _raw_record,
    _raw_file_path,
    _raw_line_number
from (
    select
        * exclude (_raw_file_path, file_row_number),
        _raw_file_path,
        file_row_number as _raw_line_number
    from read_parquet({{ dms_lake._scan_files(table) }}, union_by_name = true, filename = '_raw_file_path', file_row_number = true)
) as structs
{%- else -%}
select
    *,
    row_number() over () as _raw_line_number
from read_csv(
    {{ dms_lake._scan_files(table, 'json') }},
    filename = '_raw_file_path',
    auto_detect = false,
    strict_mode = false,
    hive_partitioning = false,
    header = false,
    delim = chr(1),
    quote = '',
    escape = '',
    new_line = '\n',
    nullstr = chr(2),
    parallel = false,
    max_line_size = 16777216,
    buffer_size = 33554432,
    encoding = '{{ table.encoding }}',
    compression = '{{ table.compression }}',
    columns = {'_raw_record': 'varchar'}
)
{%- endif -%}
{%- endmacro %}

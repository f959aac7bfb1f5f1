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
    cast(to_json(struct_pack(*columns(* exclude (_raw_file_path, file_row_number)))) as varchar) as _raw_record,
    _raw_file_path,
    file_row_number as _raw_line_number
from read_parquet({{ dms_lake._scan_files(table) }}, union_by_name = true, filename = '_raw_file_path', file_row_number = true)
{%- else -%}
select
    *,
    row_number() over () as _raw_line_number
from read_csv(
    {{ dms_lake._scan_files(table, 'json') }},
    filename = '_raw_file_path',
    {{ dms_lake._json_options(table) | indent(4) }}
)
{%- endif -%}
{%- endmacro %}

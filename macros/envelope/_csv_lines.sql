{#- The records of a table's CSV files as texts `_f1`, `_f2` … in file order: fields that a record lacks are null, empty ones ''.
    The reader keeps no row number, so it is counted over the scan, and `parallel = false` keeps the order of each file.
    The variable narrows the scan to the files of a run (macros/dialect/read_only.sql): a filter cannot pass the window. -#}
{% macro _csv_lines(table, width, kind=none) -%}
{%- if not dms_lake._has_files(table, kind) -%}
select
    {%- for number in range(1, width + 1) %}
    cast(null as varchar) as _f{{ number }},
    {%- endfor %}
    cast(null as varchar) as _raw_file_path,
    cast(null as bigint) as _raw_scan_row_number
where false
{%- else -%}
select
    *,
    row_number() over () as _raw_scan_row_number
from read_csv(
    {{ dms_lake._scan_files(table, kind) }},
    filename = '_raw_file_path',
    {{ dms_lake._csv_options(table, width, 16777216) | indent(4) }}
)
{%- endif -%}
{%- endmacro %}

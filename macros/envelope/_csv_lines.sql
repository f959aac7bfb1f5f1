{#- The records of a table's CSV files as texts `_f1`, `_f2` … in file order: fields that a record lacks are null, empty ones ''.
    The reader keeps no row number, so it is counted over the scan, and `parallel = false` keeps the order of each file.
    The variable narrows the scan to the files of a run (macros/dialect/read_only.sql): a filter cannot pass the window. -#}
{% macro _csv_lines(table, width) -%}
select
    *,
    row_number() over () as _raw_scan_row_number
from read_csv(
    coalesce(getvariable('{{ dms_lake._scan_variable(table) }}'), [{{ dms_lake._literal(table.folder ~ '/**/*.csv*') }}]),
    allow_empty = true,
    filename = '_raw_file_path',
    {{ dms_lake._csv_options(table, width) | indent(4) }}
)
{%- endmacro %}

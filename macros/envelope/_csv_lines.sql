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
        auto_detect = false,
        hive_partitioning = false,
        filename = '_raw_file_path',
        header = false,
        delim = {{ dms_lake._literal(table.delimiter) }},
        quote = '"',
        escape = '"',
        new_line = '\n',
        nullstr = chr(1),
        null_padding = true,
        parallel = false,
        max_line_size = 33554432,
        encoding = '{{ table.encoding }}',
        compression = '{{ table.compression }}',
        columns = {
            {%- for number in range(1, width + 1) %}
            '_f{{ number }}': 'varchar'{{ ',' if not loop.last }}
            {%- endfor %}
        }
    )
{%- endmacro %}

{#- How a CSV file of a table is read, as arguments of `read_csv`: every field a text, records of up to `longest` bytes.
    The reader takes a buffer for every file that it has open, whatever the file's size, so it is held small. -#}
{% macro _csv_options(table, width, longest) -%}
auto_detect = false,
hive_partitioning = false,
header = false,
delim = {{ dms_lake._literal(table.delimiter) }},
quote = '"',
escape = '"',
new_line = '\n',
nullstr = '~dms_lake: no such field~',
null_padding = true,
parallel = false,
max_line_size = {{ longest }},
buffer_size = {{ longest * 2 }},
encoding = '{{ table.encoding }}',
compression = '{{ table.compression }}',
columns = {
    {%- for number in range(1, width + 1) %}
    '_f{{ number }}': 'varchar'{{ ',' if not loop.last }}
    {%- endfor %}
}
{%- endmacro %}

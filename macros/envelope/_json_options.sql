{#- How a JSON file of a table is read, as arguments of `read_csv`: every line a text. -#}
{% macro _json_options(table) -%}
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
{%- endmacro %}

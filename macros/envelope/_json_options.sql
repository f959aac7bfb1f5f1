{#- How a JSON file of a table is read, as arguments of `read_csv`: every line a text. Firehose writes up to 128 MB, in one line where
    nobody asked it for a delimiter. DuckDB sets the whole buffer aside, of a lander too. -#}
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
max_line_size = 150994944,
buffer_size = 150994945,
encoding = '{{ table.encoding }}',
compression = '{{ table.compression }}',
columns = {'_raw_record': 'varchar'}
{%- endmacro %}

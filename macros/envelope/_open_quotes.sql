{#- Files that end inside a quoted value: cut short, or with a quote that is not doubled. The reader of records takes the end of the file
    for the end of the value, and the record with all that the quote swallowed is gone. DuckDB's text, as `_csv_files` is.
    First the files with an odd number of quotes, by a quick count … -#}
{% macro _odd_quotes(table, paths) -%}
select file_path
from {{ dms_lake._physical_lines(table, paths) }}
group by file_path
having sum(length(line) - length(replace(line, '"', ''))) % 2 = 1
order by file_path nulls first
{%- endmacro %}

{#- … then those of them whose values, read one by one, leave a quote open: a quote amid an unquoted value is text. -#}
{% macro _open_quotes(table, paths) -%}
{%- set other = '\'[^"\\n\' || regexp_escape(' ~ dms_lake._literal(table.delimiter) ~ ") || ']'" -%}
{%- set end = "'[\\n' || regexp_escape(" ~ dms_lake._literal(table.delimiter) ~ ") || ']'" -%}
{%- set within = "'[^\\n' || regexp_escape(" ~ dms_lake._literal(table.delimiter) ~ ") || ']*'" -%}
with

lines as (

    select
        *,
        row_number() over () as line_number
    from {{ dms_lake._physical_lines(table, paths, 'false') | indent(4) }}

),

contents as (

    select
        file_path,
        string_agg(line, chr(10) order by line_number nulls first) as content
    from lines
    group by file_path

)

select file_path from contents
where regexp_full_match(content, '(?s)(?:(?:"(?:[^"]|"")*"|' || {{ other }} || {{ within }} || ')?' || {{ end }} || ')*"(?:[^"]|"")*')
order by file_path nulls first
{%- endmacro %}

{#- The lines of CSV files as they stand, whatever is in them. -#}
{% macro _physical_lines(table, paths, parallel='true') -%}
read_csv(
    {{ dms_lake._file_list(paths) }},
    filename = 'file_path',
    auto_detect = false,
    hive_partitioning = false,
    header = false,
    delim = chr(1),
    quote = '',
    escape = '',
    new_line = '\n',
    strict_mode = false,
    ignore_errors = true,
    parallel = {{ parallel }},
    max_line_size = 16777216,
    buffer_size = 33554432,
    encoding = '{{ table.encoding }}',
    compression = '{{ table.compression }}',
    columns = {'line': 'varchar'}
)
{%- endmacro %}

{#- What an engine's own error texts mean here: a list of [pattern, explanation]; `{file}` stands for what `(?P<file>…)` found. -#}
{% macro error_cures() -%}
    {{- return(adapter.dispatch('error_cures', 'dms_lake')()) -}}
{%- endmacro %}

{% macro default__error_cures() -%}
    {%- do dms_lake._not_implemented('error_cures') -%}
{%- endmacro %}

{% macro duckdb__error_cures() -%}
    {%- set csv_file = '.*?file = (?P<file>[^\n]+)' -%}
    {{- return([
        ["No magic bytes found at \\w+ of file '(?P<file>[^']+)'|File '(?P<file2>[^']+)' too small to be a Parquet file",
            "`{file}` is not a whole Parquet file: cut short, still being written, or of another kind. Deliver it again, or correct `envelope`."],
        ["Unexpected end of GZIP stream: (?P<file>\\S+?)\\.?$|Unexpected end of GZIP stream: (?P<file2>\\S+)", "`{file}` is cut short. Deliver it again."],
        ["Input is not a GZIP stream: (?P<file>\\S+)", "`{file}` is not gzip, although its name or `compression: gzip` says so. Set `compression: none` or deliver it again."],
        ["This file is not utf-8 encoded" ~ csv_file, "`{file}` is not UTF-8. Set `encoding` (latin-1, utf-16), or `compression: gzip` if the file is gzip without the name."],
        ["File is not utf-16 encoded", "a file is not UTF-16, as `encoding: utf-16` says. Correct `encoding`."],
        ["state machine reached an invalid state" ~ csv_file, "the records of `{file}` do not end in a newline alone (CRLF?), or it is no CSV file. Set the endpoint's CsvRowDelimiter to a newline and load the table again."],
        ["Value with unterminated quote found" ~ csv_file, "a value of `{file}` has a quote that is not doubled, as Rfc4180=false leaves it. Set the endpoint's Rfc4180 to true and load the table again."],
        ["Expected Number of Columns: \\d+ Found: \\d+" ~ csv_file, "a record of `{file}` has far more fields than any declared layout. Check `delimiter`, and that the endpoint's Rfc4180 is true."],
        ["Maximum line size" ~ csv_file, "a line of `{file}` is longer than 16 MB (JSON: 144 MB): a quote that never closes, or a value that does not belong in the file."],
        ['Error while reading file "(?P<file>[^"]+)": failed to cast column "(?P<column>[^"]+)" from type (?P<held>.+?) to (?P<wanted>[^:]+):',
            "column `{column}` of `{file}` is {held} and holds a value that its declared type ({wanted}) does not. Declare a type that holds it."],
        ['Cannot open file "(?P<file>[^"]+)": Permission denied', "`{file}` may not be read by the user that runs dbt. Grant read access."],
        ['No files found that match the pattern "(?P<file>[^"]+)"|Cannot open file "(?P<file2>[^"]+)": No such file', "`{file}` was listed and is gone. If that is right, run again, and then `lake forget-vanished`; otherwise bring it back."],
        ["No space left on device|File too large|failed to offload data block", "there is no room for the database or its temporary files. Free some, or set DuckDB's `temp_directory`."],
    ]) -}}
{%- endmacro %}

{#- Files are landed before this engine sees them, so what is wrong with a file is said by `lake land`. -#}
{% macro athena__error_cures() -%}
    {{- return([
        ["ICEBERG_CANNOT_OPEN_SPLIT: Error opening Iceberg split (?P<file>\\S+) ", "`{file}` was landed and is gone, or is no longer the object that was landed. Run `lake land`, which looks again, and then this."],
        ["org\\.apache\\.parquet|Malformed Parquet|not valid Parquet|Incorrect file size",
            "a file is no longer the object that was landed: it was written over. Run `lake land`, which looks again, and then this."],
        ["open writers for partitions|TOO_MANY_OPEN_PARTITIONS",
            "the write touches more than 100 partitions, which Athena refuses. Build the table anew with --full-refresh, which measures its ranges again; or give a coarser `partition_by` (docs/athena.md)."],
        ["Division by zero", "if the table masks a column by hash, `dms_lake_mask_key` must hold exactly one key of 16 characters or more (docs/masks.md)."],
    ]) -}}
{%- endmacro %}

{% macro redshift__error_cures() -%}
    {{- return([]) -}}
{%- endmacro %}

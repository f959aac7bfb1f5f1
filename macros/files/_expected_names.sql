{#- How the files of a table must be named, in words. -#}
{% macro _expected_names(table) -%}
    {%- if table.names == 'dms' -%}
        {{- return("DMS names files of the envelope `" ~ table.envelope ~ "` (LOAD00000001 or 20240102-030405123, then ." ~ ("parquet" if table.file_format == "parquet" else "csv or .csv.gz") ~ ")") -}}
    {%- elif table.generations == 'snapshots' -%}
        {{- return("files of a snapshot are: below a folder of its day or hour (2024-01-02, 2024/01/02, 2024010203), where `folder` says {snapshot} or first below the table's folder") -}}
    {%- endif -%}
    {{- return("files of the envelope `" ~ table.envelope ~ "` are (" ~ (".csv for the dump, .json for events" if table.dump else "." ~ table.file_format) ~ ")") -}}
{%- endmacro %}

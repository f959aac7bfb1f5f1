{#- A record that cannot be read at all stops the run; in a table with masks it is found before, so that no error quotes it. -#}
{% macro _check_readable(table, facts) -%}
    {%- if table.masks and table.is_text and table.file_format != 'parquet' and facts.fresh_files -%}
        {%- set paths = run_query(dms_lake._fresh_paths(table)).columns[0].values() | list -%}
        {%- for batch in paths | batch(500) -%}
            {%- for record in dms_lake.unreadable_records(table, batch) -%}
                {%- set type = record.error_type | string -%}
                {%- set cure = (
                    "a quote is not doubled: set the endpoint's Rfc4180 to true and load the table again" if 'QUOTE' in type
                    else "it is not text of the declared `encoding`: correct that" if 'ENCODING' in type
                    else "it has far more fields than declared: check `delimiter`, and the endpoint's Rfc4180" if 'COLUMNS' in type
                    else "deliver the file again"
                ) -%}
                {%- do dms_lake._fail(
                    "registry entry `" ~ table.name ~ "`", "line " ~ record.line ~ " of `" ~ record.file_path ~ "` cannot be read (" ~ (type | lower)
                    ~ "): " ~ cure ~ ". Its text is not shown, as the table has masks."
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

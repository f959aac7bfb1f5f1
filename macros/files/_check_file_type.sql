{#- A Parquet column whose values the declared type would round or cut is an error that names the wider type. -#}
{% macro _check_file_type(table, row) -%}
    {%- if row.column_type == 'NO HEADER' -%}
        {%- do dms_lake._fail(
            "registry entry `" ~ table.name ~ "`",
            "the first line of `" ~ row.first_file ~ "` lacks the name of " ~ ("a key column (" ~ (table.key | join(', ')) ~ ")" if table.key else "every declared column")
            ~ ". If its files have no header line, set `header: false`; otherwise correct the names in the registry."
        ) -%}
    {%- endif -%}
    {%- for column in table.columns if column.name | lower == row.column_name | lower and row.column_type != 'TEXT' -%}
        {%- set type = column.type -%}
        {%- do dms_lake._check_masked_type(table, column, row) -%}
        {%- set scale = type[:-1].split(',')[1] | int if type.startswith('decimal') else 0 -%}
        {%- set is_exact = type.startswith('decimal') or type in ['bigint', 'integer', 'smallint'] -%}
        {%- if (
            (is_exact and (row.column_type in ['FLOAT', 'DOUBLE'] or row.scale > scale))
            or (type == 'real' and row.column_type == 'DOUBLE')
            or (type == 'date' and row.column_type == 'TIMESTAMP')
        ) -%}
            {%- do dms_lake._fail(
                "registry entry `" ~ table.name ~ "`",
                "column `" ~ column.name ~ "` is declared as " ~ type ~ ", but `" ~ row.first_file ~ "` holds it as " ~ row.column_type
                ~ (" with " ~ row.scale ~ " decimals" if row.scale else "") ~ ", so values would be rounded or cut. Declare a type that holds them."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

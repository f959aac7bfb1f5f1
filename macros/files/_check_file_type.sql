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
        {%- do dms_lake._check_masked_type(table, column, row) -%}
    {%- endfor -%}
    {%- for column in dms_lake._parquet_columns(table) if column.name | lower == row.column_name | lower and row.column_type != 'TEXT' -%}
        {%- if dms_lake._is_too_narrow(column.type, row.column_type, row.scale) -%}
            {%- do dms_lake._fail(
                "registry entry `" ~ table.name ~ "`",
                dms_lake._held_as(column, row.column_type, row.first_file) ~ ", so values would be rounded or cut. Declare a type that holds them."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- Which column is declared as what, and which file holds it as what else. -#}
{% macro _held_as(column, held, file) -%}
    {{- return("column `" ~ column.name ~ "` is declared as " ~ column.type ~ ", but `" ~ file ~ "` holds it as " ~ held) -}}
{%- endmacro %}

{#- Whether a declared type rounds or cuts what a Parquet type may hold. A double gives 15 digits back as they were, a real 6. -#}
{% macro _is_too_narrow(type, held, held_scale) -%}
    {%- set scale = type[:-1].split(',')[1] | int if type.startswith('decimal') else 0 -%}
    {%- set is_exact = type.startswith('decimal') or type in ['bigint', 'integer', 'smallint'] -%}
    {%- set is_decimal = held.startswith('DECIMAL') -%}
    {%- set digits = held[8:].split(',')[0] | int if is_decimal else {'INTEGER': 10, 'UINTEGER': 10, 'BIGINT': 19, 'UBIGINT': 20}.get(held, 0) -%}
    {{- return(
        (is_exact and (held in ['FLOAT', 'DOUBLE'] or held_scale > scale))
        or (type == 'real' and held == 'DOUBLE')
        or digits > {'double': 15, 'real': 6}.get(type, 38)
        or (type in ['date', 'time'] and held.startswith('TIMESTAMP'))
        or (type == 'boolean' and (is_decimal or held.endswith('INT') or held in ['INTEGER', 'UINTEGER', 'FLOAT', 'DOUBLE']))
    ) -}}
{%- endmacro %}

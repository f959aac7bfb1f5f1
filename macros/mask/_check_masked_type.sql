{#- A Parquet column that the engine must convert and cannot is an error that quotes the value, so where a masked value is read at
    all (`keep_if`), the file's type must be the declared one. -#}
{% macro _check_masked_type(table, column, row) -%}
    {%- set integers = ['TINYINT', 'UTINYINT', 'SMALLINT', 'USMALLINT', 'INTEGER'] -%}
    {%- set held = {
        'bigint': integers + ['UINTEGER', 'BIGINT'], 'integer': integers, 'smallint': integers, 'boolean': ['BOOLEAN'], 'double': ['FLOAT', 'DOUBLE'],
        'real': ['FLOAT'], 'date': ['DATE'], 'time': ['TIME', 'TIME_NS', 'TIME WITH TIME ZONE'],
        'timestamp': ['TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'],
    }.get(column.type, [row.column_type]) + ['"NULL"'] -%}
    {%- if column.mask is not none and column.mask.word == 'keep_if' and row.column_type not in held -%}
        {%- do dms_lake._fail(
            "registry entry `" ~ table.name ~ "`",
            "column `" ~ column.name ~ "` is masked by keep_if and declared as " ~ column.type ~ ", but `" ~ row.first_file ~ "` holds it as "
            ~ row.column_type ~ ". An error of the engine would quote its values: declare the type that the file has, or mask it by drop or null."
        ) -%}
    {%- endif -%}
{%- endmacro %}

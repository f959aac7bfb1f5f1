{#- Which types Parquet files may hold of which the declared one takes some values only, as {column, held, condition, says}: the
    condition finds the others. Texts go by the rule of CSV. DuckDB's text: a run asks it of new files, `lake land` of each file. What
    is said does not tell the value, as the column may be masked. -#}
{% macro _misfits(table) -%}
    {%- set found = [] -%}
    {%- for column in dms_lake._parquet_columns(table) -%}
        {%- set name = dms_lake._quoted(column.name) -%}
        {%- set checks = {} -%}
        {%- if column.type == 'varchar' -%}
            {%- do checks.update({'BLOB': (
                "cast(" ~ name ~ " as varchar) is distinct from try(decode(" ~ name ~ "))",
                " with bytes that would be shown as \\x and digits: it is not marked as text (UTF8). Write it as text, or declare the column binary."
            )}) -%}
        {%- elif column.type == 'binary' -%}
            {%- do checks.update({'VARCHAR': (
                "try_cast(" ~ name ~ " as blob) is distinct from encode(" ~ name ~ ")",
                " with a backslash, which would be taken for the beginning of a byte. Declare the column varchar."
            )}) -%}
        {%- else -%}
            {%- do checks.update({'VARCHAR': (
                name ~ " is not null and " ~ dms_lake.duckdb__text_to(column.type, name) ~ " is null",
                " with a text that is none, or would be rounded or cut. Declare the column varchar, and cast it in a model."
            )}) -%}
        {%- endif -%}
        {%- if column.type in ['timestamp', 'time'] -%}
            {%- set held = column.type | upper ~ '_NS' -%}
            {%- do checks.update({held: (
                "try_cast(cast(" ~ name ~ " as " ~ dms_lake.duckdb__data_type(column.type) ~ ") as " ~ held ~ ") is distinct from " ~ name,
                " with nanoseconds, which would be cut. Declare the column varchar, or write microseconds."
            )}) -%}
        {%- endif -%}
        {%- for held, (condition, says) in checks.items() -%}
            {%- do found.append({
                'column': column.name, 'held': held, 'condition': condition, 'says': dms_lake._held_as(column, held, '@file@') ~ says,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{#- The same for `lake land`, each with the query that asks it of one file. In place, a file's types are the declared ones. -#}
{% macro _landed_misfits(table) -%}
    {%- set found = dms_lake._misfits(table) if not table.is_text and dms_lake._is_rewritten(table) else [] -%}
    {%- for misfit in found -%}
        {%- do misfit.update({'query': dms_lake._misfit_query(misfit, ['@file@'])}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

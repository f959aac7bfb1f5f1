{#- The Iceberg partitions of a new latest table, as the engine writes them. A transform of the registry is taken as it is; a column
    alone, and by default the first key column that grows (a number, a date), is cut into ranges that its rows fill:
    a merge then reads only the ranges that its keys touch. A small table is not cut at all. -#}
{% macro _partitions(table, files) -%}
    {%- set types = {} -%}
    {%- for column in table.columns -%}
        {%- do types.update({column.name: column.type}) -%}
    {%- endfor -%}
    {%- set ranged = ['bigint', 'integer', 'smallint', 'date', 'timestamp'] -%}
    {%- set wanted = table.partition_by or (table.key[:1] if table.key and types[table.key[0]] in ranged else []) -%}
    {%- set partitions = [] -%}
    {%- for text in wanted -%}
        {%- set part = dms_lake._partition(text) -%}
        {%- if part.transform is none and types[part.column] in ranged -%}
            {%- set part = dms_lake._ranges(part.column, types[part.column], files or []) -%}
        {%- endif -%}
        {%- if part -%}
            {%- set name = part.column if modules.re.fullmatch('[a-z_][a-z0-9_]*', part.column) else dms_lake._quoted(part.column | lower) -%}
            {%- do partitions.append(
                (part.transform ~ '(' ~ name ~ (', ' ~ part.size if part.size else '') ~ ')') if part.transform else name
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(partitions) -}}
{%- endmacro %}

{#- Which texts of a row did not fit their column's type, as a JSON list of {column, text}; null where all did. -#}
{% macro _issues(table) -%}
{%- set checked = table.columns | rejectattr('type', 'equalto', 'varchar') | list -%}
{%- if not checked -%}
cast(null as varchar)
{%- else -%}
case
    when
        {%- for column in checked %}
        {%- set name = '"raw".' ~ dms_lake._quoted(column.name) %}
        {{ 'or ' if not loop.first }}({{ name }} != '' and {{ dms_lake.text_to(column.type, name) }} is null)
        {%- endfor %}
        then '[' || concat_ws(
            ', '
            {%- for column in checked %}
            {%- set name = '"raw".' ~ dms_lake._quoted(column.name) %},
            case when {{ name }} != '' and {{ dms_lake.text_to(column.type, name) }} is null
                then {{ dms_lake._literal('{"column": ' ~ (column.name | tojson) ~ ', "text": ') }} || {{ dms_lake.json_quoted(name) }} || '}' end
            {%- endfor %}
        ) || ']'
end
{%- endif -%}
{%- endmacro %}

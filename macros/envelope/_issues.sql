{#- Which texts of a row did not fit their column's type, as a JSON list of {column, text}; null where all did. The text
    of a masked column is not told. -#}
{% macro _issues(table) -%}
{%- set checked = table.kept | rejectattr('type', 'equalto', 'varchar') | rejectattr('mask.word', 'equalto', 'null') | list -%}
{%- if not checked -%}
cast(null as varchar)
{%- else -%}
case
    when
        {%- for column in checked %}
        {%- set name = dms_lake._given_text(table, column.name) %}
        {{ 'or ' if not loop.first }}({{ name }} != '' and {{ dms_lake.text_to(column.type, name) }} is null)
        {%- endfor %}
        then '[' || concat_ws(
            ', '
            {%- for column in checked %}
            {%- set name = dms_lake._given_text(table, column.name) %},
            case when {{ name }} != '' and {{ dms_lake.text_to(column.type, name) }} is null
                then {{ dms_lake._literal('{"column": ' ~ (column.name | tojson) ~ ', "text": ') }} || {{ dms_lake.json_quoted(name) if column.mask is none else "'null'" }} || '}' end
            {%- endfor %}
        ) || ']'
end
{%- endif -%}
{%- endmacro %}

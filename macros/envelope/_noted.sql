{#- Typed rows with a note of each text that did not fit its column's type (the row stays), as a JSON list of {column, text}; null
    where all did. It looks at the values that `typed` made: no text is parsed twice. The text of a masked column is not told. -#}
{% macro _noted(table) -%}
select
    typed.*,
    {%- set checked = dms_lake._checked_columns(table) %}
    {%- if not checked %}
    cast(null as varchar) as _cdc_issues
    {%- else %}
    case
        when
            {%- for column in checked %}
            {{ 'or ' if not loop.first }}{{ dms_lake._is_unfit(column, loop.index) }}
            {%- endfor %}
            then '[' || concat_ws(
                ', '
                {%- for column in checked %},
                case when {{ dms_lake._is_unfit(column, loop.index) }}
                    then {{ dms_lake._literal('{"column": ' ~ (column.name | tojson) ~ ', "text": ') }} || {{ dms_lake.json_quoted('_raw_text_' ~ loop.index) if column.mask is none else "'null'" }} || '}' end
                {%- endfor %}
            ) || ']'
    end as _cdc_issues
    {%- endif %}
from typed
{%- endmacro %}

{#- The columns whose texts may not fit. -#}
{% macro _checked_columns(table) -%}
    {%- set columns = table.kept | rejectattr('type', 'equalto', 'varchar') | rejectattr('mask.word', 'equalto', 'null') | list -%}
    {{- return(columns if table.is_text else []) -}}
{%- endmacro %}

{#- What `typed` keeps for this: a column's text, or of a masked column, whose value is not the text's, only whether it fits. -#}
{% macro _for_notes(table) -%}
    {%- for column in dms_lake._checked_columns(table) %}
    {%- set text = dms_lake._given_text(table, column.name) -%}
{{ text ~ ' as _raw_text_' if column.mask is none else text ~ " != '' and " ~ dms_lake.text_to(column.type, text) ~ ' is null as _raw_is_unfit_' }}{{ loop.index }},
{% endfor -%}
{%- endmacro %}

{#- Whether a text did not fit. -#}
{% macro _is_unfit(column, number) -%}
    {%- if column.mask is none -%}
(_raw_text_{{ number }} != '' and {{ dms_lake._quoted(column.name) }} is null)
    {%- else -%}
_raw_is_unfit_{{ number }}
    {%- endif -%}
{%- endmacro %}

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

{#- What `typed` keeps for this: a column's text, or of a masked column, whose value is not the text's, only whether it fits. Beside it
    the texts of the before-images that may not fit: of an update such a text is no note but a reason to reject it (`_reject_reason`). -#}
{% macro _for_notes(table) -%}
    {%- for column in dms_lake._checked_columns(table) %}
    {%- set text = dms_lake._given_text(table, column.name) -%}
{{ text ~ ' as _raw_text_' if column.mask is none else text ~ " != '' and " ~ dms_lake.text_to(column.type, text) ~ ' is null as _raw_is_unfit_' }}{{ loop.index }},
{% endfor -%}
    {%- for name in dms_lake._checked_old_key(table) %}
{{ dms_lake._given_text(table, '_cdc_previous_' ~ name) }} as _raw_before_{{ loop.index }},
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

{#- The key columns whose before-images are texts that may not fit. -#}
{% macro _checked_old_key(table) -%}
    {%- set typed = table.columns | rejectattr('type', 'equalto', 'varchar') | map(attribute='name') | select('in', table.old_key) | list -%}
    {{- return(typed if table.is_text else []) -}}
{%- endmacro %}

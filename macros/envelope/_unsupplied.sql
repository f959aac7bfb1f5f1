{#- The columns of a raw change that hold the stand-in, as a JSON list of names; null where none does. -#}
{% macro _unsupplied(table) -%}
{%- set is_stand_in = ' = ' ~ dms_lake._literal(table.unsupplied_token) -%}
case
    when not {{ dms_lake._is_load(table) }} and (
        {%- for column in dms_lake._fillable(table) %}
        {{ 'or ' if not loop.first }}"raw".{{ dms_lake._quoted(column.name) }}{{ is_stand_in }}
        {%- else %}
        false
        {%- endfor %}
    )
        then '[' || concat_ws(
            ', '
            {%- for column in dms_lake._fillable(table) %},
            case when "raw".{{ dms_lake._quoted(column.name) }}{{ is_stand_in }} then {{ dms_lake._literal(tojson(column.name)) }} end
            {%- endfor %}
        ) || ']'
end
{%- endmacro %}

{#- True where such a list, bare or as `_placed` marks it, names a column. A name's first quote stands behind a bracket or a blank: within
    another name a backslash stands before a quote, and the marker's stands behind a brace. -#}
{% macro _leaves_out(list, name) -%}
    {%- set first = "position(" ~ dms_lake._literal('[' ~ tojson(name)) ~ " in " ~ list ~ ") > 0" -%}
    {%- set later = "position(" ~ dms_lake._literal(', ' ~ tojson(name)) ~ " in " ~ list ~ ") > 0" -%}
    {{- return("coalesce(" ~ first ~ " or " ~ later ~ ", false)") -}}
{%- endmacro %}

{#- The columns whose value a change may leave to the one before it: all that the lake keeps but the key. -#}
{% macro _fillable(table) -%}
    {{- return(table.kept | rejectattr('name', 'in', table.key) | list) -}}
{%- endmacro %}

{#- True for an update that left its key alone: it goes on with the row before it. -#}
{% macro _goes_on(table) -%}
(true
    {%- for name in table.old_key %} and coalesce({{ dms_lake._previous(name) }} = {{ dms_lake._quoted(name) }}, true){% endfor -%}
)
{%- endmacro %}

{#- The issues of a row, and beside them the columns whose value nothing supplied. `missing` maps their names to conditions. -#}
{% macro _with_missing(issues, table, missing) -%}
{%- if not missing -%}
{{ issues }}
{%- else -%}
case
    when {{ missing.values() | join(' or ') }}
        then '[' || concat_ws(
            ', ',
            substr({{ issues }}, 2, length({{ issues }}) - 2)
            {%- for name, condition in missing.items() %},
            case when {{ condition }} then {{ dms_lake._literal('{"column": ' ~ tojson(name) ~ ', "text": ' ~ tojson(table.unsupplied_token) ~ '}') }} end
            {%- endfor %}
        ) || ']'
    else {{ issues }}
end
{%- endif -%}
{%- endmacro %}

{#- A raw field as the value that the lake may hold. What follows the envelope sees nothing else of a masked column. -#}
{% macro _masked(table, column, expression) -%}
    {%- set value = dms_lake._value(column.type, expression, table.is_text) -%}
    {%- if column.mask is none -%}
{{ value }}
    {%- elif column.mask.word == 'hash' -%}
{{ dms_lake.keyed_hash(value) }}
    {%- elif column.mask.word == 'last4' -%}
case when length({{ value }}) >= 8 then substr({{ value }}, length({{ value }}) - 3) end
    {%- elif column.mask.word == 'keep_if' -%}
case when {{ dms_lake._condition_sql(table, column) }} then {{ value }} end
    {%- else -%}
cast(null as {{ dms_lake.data_type(column.type) }})
    {%- endif -%}
{%- endmacro %}

{#- The condition over the values as they were delivered, masked or not. -#}
{% macro _condition_sql(table, column) -%}
    {%- for word in column.mask.condition -%}
        {%- if word.column -%}
            {%- set other = table.columns | selectattr('name', 'equalto', word.column) | first -%}
({{ dms_lake._value(other.type, dms_lake._given_text(table, other.name), table.is_text) }})
        {%- else -%}
{{ word.text }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

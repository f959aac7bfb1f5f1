{#- The types of a relation's columns as the engine's catalogue writes them, by name, all in lower case. -#}
{% macro _held_types(relation) -%}
    {%- set held = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do held.update({column.name | lower: column.dtype | lower | replace(' ', '')}) -%}
    {%- endfor -%}
    {{- return(held) -}}
{%- endmacro %}

{#- What the current model stores of partial images: a history's log, or a latest table. -#}
{% macro _own_fill_columns(table) -%}
    {{- return(dms_lake._log_fill_columns(table) if model.config.materialized == 'history' else dms_lake._fill_columns(table)) -}}
{%- endmacro %}

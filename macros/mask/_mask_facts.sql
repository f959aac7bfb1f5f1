{#- Of the columns that files hold: `kept`, those that the lake keeps, and `masks`, what is masked and how, as a text (none: empty). -#}
{% macro _mask_facts(columns) -%}
    {%- set kept = [] -%}
    {%- set masks = [] -%}
    {%- for column in columns -%}
        {%- if column.mask is none or column.mask.word != 'drop' -%}
            {%- do kept.append(column) -%}
        {%- endif -%}
        {%- if column.mask is not none -%}
            {%- do masks.append(column.name ~ ': ' ~ column.mask.text) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return({'kept': kept, 'masks': masks | join(', ')}) -}}
{%- endmacro %}

{#- Of the columns that files hold: `kept`, those that the lake keeps, and `masks`, what is masked and how, as a text (none: empty), and `hashed`, the names of those by hash. -#}
{% macro _mask_facts(columns) -%}
    {%- set kept = [] -%}
    {%- set masks = [] -%}
    {%- set hashed = [] -%}
    {%- for column in columns -%}
        {%- if column.mask is none or column.mask.word != 'drop' -%}
            {%- do kept.append(column) -%}
        {%- endif -%}
        {%- if column.mask is not none -%}
            {%- do masks.append(column.name ~ ': ' ~ column.mask.text) -%}
            {%- do hashed.append(column.name) if column.mask.word == 'hash' -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return({'kept': kept, 'masks': masks | join(', '), 'hashed': hashed}) -}}
{%- endmacro %}

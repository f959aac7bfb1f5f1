{#- One entry of `partition_by` as {transform, column, size}: `created_at` alone, `month(created_at)`, `truncate(id, 500000)`. -#}
{% macro _partition(text) -%}
    {%- set whole = modules.re.fullmatch('(year|month|day|hour)\\((.+)\\)|(truncate|bucket)\\((.+), *([1-9][0-9]*)\\)', text | trim) -%}
    {%- if not whole -%}
        {{- return({'transform': none, 'column': text, 'size': none}) -}}
    {%- endif -%}
    {%- set found = whole.groups() -%}
    {{- return({'transform': found[0] or found[2], 'column': (found[1] or found[3]) | trim, 'size': found[4]}) -}}
{%- endmacro %}

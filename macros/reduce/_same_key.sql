{#- The join condition of two relations on a key. Keys are never null here: a null key is rejected before. -#}
{% macro _same_key(left, right, table) -%}
    {%- set conditions = [] -%}
    {%- for column in dms_lake._key(table) -%}
        {%- do conditions.append(left ~ '.' ~ column ~ ' = ' ~ right ~ '.' ~ column) -%}
    {%- endfor -%}
    {{- return(conditions | join(' and ')) -}}
{%- endmacro %}

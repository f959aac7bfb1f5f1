{#- True where the change `left` comes after the change `right` in the total order. The first part that differs decides, and an
    engine looks at no part below it: most changes are told apart by the second or third. -#}
{% macro is_later(left, right) -%}
{%- set rights = dms_lake.order_parts(right) -%}
case
    {%- for part in dms_lake.order_parts(left) %}
    when {{ part }} != {{ rights[loop.index0] }} then {{ part }} > {{ rights[loop.index0] }}
    {%- endfor %}
    else false
end
{%- endmacro %}

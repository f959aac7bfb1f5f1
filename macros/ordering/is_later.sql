{#- True where the change `left` comes after the change `right` in the total order. -#}
{% macro is_later(left, right) -%}
row(
    {{ dms_lake.order_parts(left) | join(',\n    ') }}
) > row(
    {{ dms_lake.order_parts(right) | join(',\n    ') }}
)
{%- endmacro %}

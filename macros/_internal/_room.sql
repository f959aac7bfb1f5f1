{#- What every model of a room is, wherever it stands: an installing project needs no `+materialized` of its own, and cannot
    build latest as a view by forgetting it. -#}
{% macro _room(materialized) -%}
    {%- do dms_lake._demo_only() -%}
    {%- do config(materialized=materialized) -%}
{%- endmacro %}

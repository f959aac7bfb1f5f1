{#- What every model of a room is, wherever it stands: an installing project needs no `+materialized` of its own, and cannot
    build latest as a view by forgetting it. -#}
{% macro _room(materialized) -%}
    {%- do dms_lake._demo_only() -%}
    {%- do config(materialized=materialized) -%}
    {%- if materialized == 'table' and target.type == 'athena' -%}
        {#- Readers have the old table until the new one stands. -#}
        {%- do config(ha=true) -%}
    {%- endif -%}
{%- endmacro %}

{#- The total order as the body of an `order by`, the last change first. -#}
{% macro order_by(alias, decided_only=false) -%}
    {%- set parts = dms_lake.order_parts(alias) -%}
    {%- for part in (parts[:-1] if decided_only else parts) %}
{{ part }} desc nulls last{{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

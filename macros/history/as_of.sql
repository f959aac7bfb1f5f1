{#- A history as it stood at one moment, as a relation to select from: one row per key that lived then. -#}
{% macro as_of(relation, moment) -%}
(select * from {{ relation }} as history where {{ dms_lake.held_at('history', moment) }})
{%- endmacro %}

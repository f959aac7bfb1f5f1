{#- The generation of a snapshot's file: its folder's digits as yyyymmddhh, so that a day that arrives late takes its own place. -#}
{% macro _snapshot_number(path, table) -%}
try_cast(rpad({{ dms_lake._snapshot_digits(path, table) }}, 10, '0') as integer)
{%- endmacro %}

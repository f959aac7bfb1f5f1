{#- The day or hour of a snapshot as a timestamp (UTC), from its folder. -#}
{% macro _snapshot_moment(path, table) -%}
{{ dms_lake.moment_of_hour("rpad(" ~ dms_lake._snapshot_digits(path, table) ~ ", 10, '0')") }}
{%- endmacro %}

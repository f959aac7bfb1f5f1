{#- True for a record of this table: one stream carries many. The schema counts where the registry names it. -#}
{% macro _json_is_ours(table) -%}
lower(_raw_table) = lower({{ dms_lake._literal(table.source_table) }})
{%- if table.names_schema %} and lower(_raw_schema) = lower({{ dms_lake._literal(table.source_schema) }}){% endif -%}
{%- endmacro %}

{#- CTEs from `incoming` to `reduced`: one row per key, its last change; with partial images also what earlier ones supplied. -#}
{% macro _reduced(table, is_kept, are_single) -%}
{%- if table.fills -%}
{{ dms_lake._carried('incoming', 'carried', table, "incoming._cdc_operation = 'delete'") }},

{{ dms_lake._last_of_key('carried', 'last_changes', table, dms_lake._carried_columns(table)) }},

{{ dms_lake._with_held(table, is_kept) }}
{%- elif are_single -%}
reduced as (

    select
        {%- for column in dms_lake._latest_columns(table) %}
        {{ column }},
        {%- endfor %}
        false as _cdc_undecided
    from incoming

)
{%- else -%}
{{ dms_lake._last_of_key('incoming', 'reduced', table) }}
{%- endif -%}
{%- endmacro %}

{#- Note what the nodes of one dbt invocation cost on Athena, each as {node, statements, seconds, scanned_bytes, budget_seconds,
    budget_bytes}; a budget that is none is null. -#}
{% macro _note_costs(invocation, costs) -%}
    {%- for batch in costs | batch(500) -%}
        {%- set query -%}
insert into {{ dms_lake._ledger('costs') }}
select
    node, {{ dms_lake._literal(invocation) }}, statements, seconds, scanned_bytes, budget_seconds, budget_bytes, {{ dms_lake._now() }}
from (
    values
            {%- for cost in batch %}
    (
        {{ dms_lake._literal(cost.node) }},
        {%- for name, type in [('statements', 'bigint'), ('seconds', 'double'), ('scanned_bytes', 'bigint'), ('budget_seconds', 'double'), ('budget_bytes', 'bigint')] %}
        cast({{ cost[name] | float if cost[name] is not none and type == 'double' else 'null' if cost[name] is none else cost[name] | int }} as {{ type }}){{ ',' if not loop.last }}
        {%- endfor %}
    ){{ ',' if not loop.last }}
            {%- endfor %}
) as noted (node, statements, seconds, scanned_bytes, budget_seconds, budget_bytes)
        {%- endset -%}
        {%- do run_query(query) -%}
    {%- endfor -%}
{%- endmacro %}

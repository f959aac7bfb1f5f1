{#- dbt renders a unit test twice: first with the project's graph and `execute` false, then to run it, with an empty graph. What the second
    needs (registry entry, the tested table, its changes view) the first leaves among the test's refs, the one place that both share. -#}
{% macro _leave_unit_test_facts(relation) -%}
    {%- if model.resource_type == 'unit_test' -%}
        {%- set tested = graph.nodes[model.tested_node_unique_id] -%}
        {%- do ref(tojson({
            'entry': dms_lake._table_of(relation, 'latest'),
            'tested': {'database': tested.database, 'schema': tested.schema, 'identifier': tested.alias},
            'changes': graph.nodes[tested.depends_on.nodes | select('in', graph.nodes) | first].relation_name,
        })) -%}
    {%- endif -%}
{%- endmacro %}

{#- What `_leave_unit_test_facts` left, in the second rendering; none before. -#}
{% macro _unit_test_facts() -%}
    {%- for given in model.get('refs', []) if execute and model.resource_type == 'unit_test' and given.name.startswith('{') -%}
        {{- return(fromjson(given.name)) -}}
    {%- endfor -%}
{%- endmacro %}

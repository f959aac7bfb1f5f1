{#- The registry entry of the one registered table that the current node reads, directly or through other models. -#}
{% macro _table_of(relation, macro_name) -%}
    {%- set unit_test = dms_lake._unit_test_facts() -%}
    {%- if unit_test -%}
        {{- return(unit_test.entry) -}}
    {%- endif -%}
    {%- set found = [] -%}
    {%- set open = [] -%}
    {%- if model.get('tested_node_unique_id') -%}
        {%- do open.extend(graph.nodes[model.tested_node_unique_id].depends_on.nodes) -%}
    {%- else -%}
        {%- do open.extend(model.depends_on.nodes | default([])) -%}
    {%- endif -%}
    {%- for _ in range(1000) if open -%}
        {%- set unique_id = open.pop(0) -%}
        {%- if unique_id.startswith('source.') and unique_id not in found -%}
            {%- do found.append(unique_id) -%}
        {%- elif unique_id in graph.nodes -%}
            {%- do open.extend(graph.nodes[unique_id].depends_on.nodes) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if found | length != 1 -%}
        {%- do dms_lake._fail(
            macro_name, "`relation` must lead to exactly one registered source table, `" ~ relation ~ "` leads to "
            ~ (found | join(', ') or 'none') ~ ". Pass `source(...)` or the `ref(...)` of a model of the room before."
        ) -%}
    {%- endif -%}
    {{- return(dms_lake._registry_entry(graph.sources[found[0]])) -}}
{%- endmacro %}

{#- The model that `relation` stands for, among those that the current one reads. -#}
{% macro _served_node(relation) -%}
    {%- for unique_id in model.depends_on.nodes if unique_id in graph.nodes -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if relation is not string and relation.identifier == (node.alias or node.name) and relation.schema == node.schema -%}
            {{- return(node) -}}
        {%- endif -%}
    {%- endfor -%}
    {%- do dms_lake._fail("served", "`relation` is `" ~ relation ~ "`; it must be the `ref(...)` of a model that Athena builds, e.g. ref('cur_shop__product').") -%}
{%- endmacro %}

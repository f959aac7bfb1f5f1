{#- Whether a relation is a history view: made by a model that the current one reads. -#}
{% macro _is_history(relation) -%}
    {%- for unique_id in model.depends_on.nodes if unique_id in graph.nodes -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if node.config.materialized == 'history' and relation.identifier == (node.alias or node.name) and relation.schema == node.schema -%}
            {{- return(true) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro %}

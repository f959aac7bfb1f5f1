{#- The names of the models that hold one row per key, as a list of SQL texts; a name that no model has where there are none. -#}
{% macro _latest_names() -%}
    {%- set names = [] -%}
    {%- for node in graph.get('nodes', {}).values() if node.config.materialized == 'latest' -%}
        {%- do names.append(dms_lake._literal(node.name)) -%}
    {%- endfor -%}
    {{- return((names or ["''"]) | join(', ')) -}}
{%- endmacro %}

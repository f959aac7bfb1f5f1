{#- The model whose table holds a served model's rows: itself, or what a view of `models/current` reads. No other view will do:
    Redshift cannot read Athena's views. -#}
{% macro _stored_node(node) -%}
    {%- if node.config.materialized not in ['view', 'room_view', 'ephemeral'] -%}
        {{- return(node) -}}
    {%- elif 'dms_lake.current(' in node.raw_code -%}
        {%- for unique_id in node.depends_on.nodes if unique_id in graph.nodes -%}
            {{- return(graph.nodes[unique_id]) -}}
        {%- endfor -%}
    {%- endif -%}
    {%- do dms_lake._fail(
        "served", "`" ~ node.name ~ "` is materialized as " ~ node.config.materialized ~ ", and Redshift cannot read a view of Athena's. "
        ~ "Make it a table, or serve the tables that it reads and put its query on top of them."
    ) -%}
{%- endmacro %}

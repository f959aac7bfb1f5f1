{{ config(severity='warn') }}

{%- set built = [] -%}
{%- for node in graph.nodes.values() if node.config.materialized == 'history' -%}
    {%- for unique_id in node.depends_on.nodes if unique_id in graph.nodes -%}
        {%- do built.extend(graph.nodes[unique_id].depends_on.nodes) -%}
    {%- endfor -%}
{%- endfor -%}
with

missing_histories as (

    select cast(null as varchar) as source_table
    where false
    {%- for source in graph.sources.values() if source.unique_id not in built %}
        {%- set facts = {} %}
        {%- do facts.update(source.source_meta.get('dms_lake') or {}) %}
        {%- do facts.update(source.meta.get('dms_lake') or {}) %}
        {%- if facts.history %}
    union all
    select {{ dms_lake._literal(source.source_name ~ '.' ~ source.name) }} as source_table
        {%- endif %}
    {%- endfor %}

)

select * from missing_histories

{#- Where Redshift finds a table that Athena wrote: in the external schema over the Glue database. -#}
{% macro _external(node) -%}
    {%- set there = api.Relation.create(
        database=target.database, schema=var('dms_lake_external_schema', 'dms_lake_external'), identifier=node.alias or node.name, type='table'
    ) -%}
    {{- return(dms_lake._log(there) if node.config.materialized == 'history' else there) -}}
{%- endmacro %}

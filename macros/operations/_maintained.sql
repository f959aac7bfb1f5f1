{#- The Iceberg tables that maintenance looks at, as {name, relation, hours to keep snapshots}: those named (`dms_lake_reads`, a
    model's name), or the ledger and every stored table of ours. Only those that stand. -#}
{% macro _maintained(tables, ledger_hours, table_hours) -%}
    {%- set found = [] -%}
    {%- for name in dms_lake._ledger_columns() -%}
        {%- do found.append({'name': 'dms_lake_' ~ name, 'relation': dms_lake._ledger(name), 'hours': ledger_hours}) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.materialized in ['latest', 'history', 'rejected'] -%}
        {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias, type='table') -%}
        {%- do found.append({'name': node.name, 'relation': dms_lake._log(relation) if node.config.materialized == 'history' else relation, 'hours': table_hours}) -%}
    {%- endfor -%}
    {%- set there = dms_lake._rows_as_they_are(dms_lake._relations_query(found | map(attribute='relation.schema') | list)) -%}
    {%- set standing = [] -%}
    {%- for item in found if (tables is none or item.name in tables) and (item.relation.schema | lower, item.relation.identifier | lower) in there -%}
        {%- do standing.append(item) -%}
    {%- endfor -%}
    {{- return(standing) -}}
{%- endmacro %}

{#- A model as Redshift reads it: a late-binding view over the table that Athena wrote for it. Exists on Redshift only. -#}
{% macro served(relation) -%}
{%- if model.resource_type == 'model' -%}
    {%- do config(materialized='view', bind=false, enabled=target.type == 'redshift') -%}
{%- endif -%}
{%- do dms_lake._demo_only() -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set node = dms_lake._served_node(relation) -%}
{%- set stored = dms_lake._stored_node(node) -%}
{%- set there = dms_lake._external(stored) -%}
{%- if stored.config.materialized in ['latest', 'history', 'rejected'] -%}
    {%- set table = dms_lake._table_of(relation, 'served') -%}
    {%- do dms_lake._check_served(node.name, table.kept) -%}
{%- endif -%}
with

written_by_athena as (

    {#- Glue keeps names in lower case, and so does Redshift unless it is told to tell cases apart. -#}
    {% filter lower | indent(4) %}
    {%- if node.unique_id != stored.unique_id -%}
        {{ dms_lake._living(table, there, stored.config.materialized == 'history') }}
    {%- elif stored.config.materialized == 'history' -%}
        {{ dms_lake._versions(there, table) }}
    {%- else -%}
select
    {{ dms_lake._served_columns(node, table) | join(',\n    ') }}
from {{ there }}
    {%- endif -%}
    {%- endfilter %}

)

select * from written_by_athena
{%- endif -%}
{%- endmacro %}

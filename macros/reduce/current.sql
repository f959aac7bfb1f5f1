{#- The rows of `models/current`: one row per living key, a view on latest, or on the last changes that a history keeps. -#}
{% macro current(relation) -%}
{%- do dms_lake._room('view') -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'current') -%}
{%- set is_history = dms_lake._is_history(relation) -%}
with

latest as (

    {{ dms_lake._living(table, dms_lake._log(relation) if is_history else relation, is_history) | indent(4) }}

)

select * from latest
{%- endif -%}
{%- endmacro %}

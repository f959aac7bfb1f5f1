{#- The rows of `models/current`: one row per living key, a view on latest. -#}
{% macro current(relation) -%}
{%- do dms_lake._room('view') -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'current') -%}
with

latest as (

    select
        {%- for column in dms_lake._stored_columns(table) if column != '_cdc_is_deleted' %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where not _cdc_is_deleted

)

select * from latest
{%- endif -%}
{%- endmacro %}

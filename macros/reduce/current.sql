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

    select
        {%- for column in dms_lake._stored_columns(table) if column != '_cdc_is_deleted' and column not in dms_lake._fill_columns(table) %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ dms_lake._log(relation) if is_history else relation }}
    where not _cdc_is_deleted
    {%- if is_history %}
        and _cdc_is_last
    {%- endif %}

)

select * from latest
{%- endif -%}
{%- endmacro %}

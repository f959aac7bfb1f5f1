{#- The snapshots whose folder has a _SUCCESS file: their writer says that they are complete. -#}
{% macro _markers(table) -%}
with

listed as (

    {{ dms_lake._listed(table) | indent(4) }}

),

markers as (

    select distinct {{ dms_lake._snapshot_number('path', table) }} as snapshot
    from listed
    where path like '%/\_SUCCESS' escape '\'

)

select * from markers
{%- endmacro %}

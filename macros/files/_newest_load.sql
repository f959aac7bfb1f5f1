{#- The names of the newest load's files: one of them written over is a load begun again. A file of an older load that is written over may
    as well be a further one of the newest. -#}
{% macro _newest_load(table) -%}
select distinct file from known
where status != 'left_over'
    and generation = (
        select max(generation) from {{ dms_lake._ledger('generations') }}
        where source_table = {{ dms_lake._literal(table.name) }}
    )
{%- endmacro %}

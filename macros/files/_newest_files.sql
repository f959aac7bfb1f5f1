{#- How many files the newest snapshot has, also those that are gone, beside a CTE `newest`; of other tables nobody asks. `at` is a
    snapshot of the ledger. -#}
{% macro _newest_files(table, at) -%}
{%- if table.generations != 'snapshots' -%}
0
{%- else -%}
(
    select count(distinct file)
    from {{ dms_lake._ledger('files') }}{{ at }}
    where source_table = {{ dms_lake._literal(table.name) }}
        and status != 'left_over'
        and generation = (select newest from newest)
)
{%- endif -%}
{%- endmacro %}

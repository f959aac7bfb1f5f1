{#- Bring the ledger's list of a table's files up to date: new and vanished files, generations opened and completed.
    Runs only in `dbt run` and `dbt build`, before the table's changes view is made, in one transaction. -#}
{% macro _refresh_listing(table) -%}
    {%- if dms_lake._can_query() and flags.WHICH in ['run', 'build'] and not flags.EMPTY and table.active and target.type == 'duckdb' -%}
        {%- do dms_lake._take_listing(table) -%}
    {%- endif -%}
{%- endmacro %}

{#- Create the ledger's tables where they are missing; called by on-run-start. -#}
{% macro prepare_ledger() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'run-operation', 'seed', 'test'] and target.type in ['duckdb', 'athena'] -%}
        {%- for name, columns in dms_lake._ledger_columns().items() -%}
            {%- set relation = dms_lake._ledger(name) -%}
            {#- DuckDB is not asked: a look into its catalogue would open a transaction, and its `create` does nothing twice. -#}
            {%- if target.type == 'duckdb' or load_relation(relation) is none -%}
                {%- if loop.first -%}
                    {%- do run_query("create schema if not exists " ~ (dms_lake._quoted(target.schema) if target.type == 'duckdb' else relation.without_identifier().render_hive())) -%}
                {%- endif -%}
                {%- set query -%}
select
                {%- for column, type in columns.items() %}
    cast(null as {{ dms_lake.data_type(type) }}) as {{ column }}{{ ',' if not loop.last }}
                {%- endfor %}
where false
                {%- endset -%}
                {%- do run_query(dms_lake.create_table(relation, query)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

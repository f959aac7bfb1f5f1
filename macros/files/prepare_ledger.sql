{#- Create the ledger's tables where they are missing, and add columns that older ones lack; called by on-run-start. -#}
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
            {%- do dms_lake._add_to_ledger(relation, name, columns) -%}
        {%- endfor -%}
        {%- do dms_lake._noted_masks() if flags.WHICH in ['run', 'build'] -%}
    {%- endif -%}
{%- endmacro %}

{#- Bring one of the ledger's tables that an earlier version made to the columns of today, which follow its own. -#}
{% macro _add_to_ledger(relation, name, columns) -%}
    {%- set later = {'files': ['reading'], 'reads': ['reading', 'build'], 'masks': ['build', 'key_mark']}.get(name, []) -%}
    {%- set held = dms_lake._held_types(relation) if later and target.type == 'athena' else {} -%}
    {%- for column in later -%}
        {%- if target.type == 'duckdb' -%}
            {%- do run_query("alter table " ~ relation ~ " add column if not exists " ~ column ~ " " ~ columns[column]) -%}
        {%- elif column not in held -%}
            {%- do run_query("alter table " ~ relation.render_hive() ~ " add columns (" ~ column ~ " " ~ dms_lake._iceberg_type(columns[column]) ~ ")") -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The table that a unit test's `this` takes its columns from: dbt asks the database for them, where the table is missing before
    the first run and lacks new columns before the next. Made here, empty, or brought to the registry's columns as a run would. -#}
{% macro _stand_for_unit_tests(table) -%}
    {%- if target.type == 'duckdb' and flags.INTROSPECT is not false and flags.WHICH in ['build', 'test'] -%}
        {%- set facts = dms_lake._unit_test_facts() -%}
        {%- set relation = api.Relation.create(**facts.tested) -%}
        {%- set empty_table -%}
create table if not exists {{ relation }} as
with

incoming as (

    {{ dms_lake._incoming(facts.changes, table, []) | indent(4) }}

),

{{ dms_lake._last_of_key('incoming', 'settled', table) }},

shaped as (

    {{ dms_lake._shaped(table) | indent(4) }}

)

select * exclude (_cdc_undecided) from shaped
        {%- endset -%}
        {%- do run_query(empty_table) -%}
        {%- do dms_lake._evolve_on_duckdb(table, relation) -%}
    {%- endif -%}
{%- endmacro %}

{#- Writes history's log from the compiled query and shows its versions in a view: the whole log at first and on a full
    refresh, afterwards the rows of the keys that a run touched, stored and new ones together. -#}
{% materialization history, adapter='duckdb' -%}
    {%- set table = dms_lake._table_of(this, 'history') -%}
    {%- do dms_lake._check_superseded(table) -%}
    {%- set relation = dms_lake._write_on_duckdb(table, dms_lake._same_key('stored', 'batch', table), true) -%}
    {{ return({'relations': [relation, dms_lake._log(this)]}) }}
{%- endmaterialization %}

{% materialization history, adapter='athena' -%}
    {%- set table = dms_lake._table_of(this, 'history') -%}
    {%- do dms_lake._check_superseded(table) -%}
    {%- set relation = dms_lake._write_on_athena(table, dms_lake._same_key('stored', 'batch', table), true) -%}
    {{ return({'relations': [relation, dms_lake._log(this)]}) }}
{%- endmaterialization %}

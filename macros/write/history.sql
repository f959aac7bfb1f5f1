{#- Writes history's log from the compiled query and shows its versions in a view: the whole log at first and on a full
    refresh, afterwards the rows that a run touched, stored and new ones together. -#}
{% materialization history, adapter='duckdb' -%}
    {%- set table = dms_lake._table_of(this, 'history') -%}
    {%- do dms_lake._check_superseded(table) -%}
    {%- set relation = dms_lake._write_on_duckdb(table, dms_lake._rewritten(table), true) -%}
    {{ return({'relations': [relation, dms_lake._log(this)]}) }}
{%- endmaterialization %}

{% materialization history, adapter='athena' -%}
    {%- set table = dms_lake._table_of(this, 'history') -%}
    {%- do dms_lake._check_superseded(table) -%}
    {%- set relation = dms_lake._write_on_athena(table, dms_lake._rewritten(table), true) -%}
    {{ return({'relations': [relation, dms_lake._log(this)]}) }}
{%- endmaterialization %}

{#- The condition on stored rows that a batch replaces: all of a key that it computed anew as a whole, the tail of another. -#}
{% macro _rewritten(table) -%}
    {{- return(dms_lake._same_key('stored', 'batch', table) ~ ' and (batch._cdc_is_whole or stored._cdc_is_current or stored._cdc_is_last)') -}}
{%- endmacro %}

{#- Writes latest from the compiled query, with no second read of the raw files: the whole table at first and on a full
    refresh, afterwards only the keys whose row is later than the one held. -#}
{% materialization latest, adapter='duckdb' -%}
    {%- set table = dms_lake._table_of(this, 'latest') -%}
    {%- set relation = dms_lake._write_on_duckdb(table, dms_lake._same_key('stored', 'batch', table), true) -%}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{% materialization latest, adapter='athena' -%}
    {%- set table = dms_lake._table_of(this, 'latest') -%}
    {%- set relation = dms_lake._write_on_athena(table, dms_lake._same_key('stored', 'batch', table), true) -%}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{#- Writes rejected from the compiled query: what a file yields replaces what an earlier reading of the same file left. -#}
{% materialization rejected, adapter='duckdb' -%}
    {%- set table = dms_lake._table_of(this, 'rejected') -%}
    {%- set relation = dms_lake._write_on_duckdb(table, none, false) -%}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{% materialization rejected, adapter='athena' -%}
    {%- set table = dms_lake._table_of(this, 'rejected') -%}
    {%- set relation = dms_lake._write_on_athena(table, none, false) -%}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

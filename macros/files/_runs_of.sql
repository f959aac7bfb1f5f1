{#- What each model wrote in one dbt invocation, as a logged line of JSON: model, table, files read, rows written, tombstones, ties. -#}
{% macro _runs_of(invocation) -%}
    {%- set query -%}
select model, source_table, files_read, rows_written, rows_deleted, undecided_ties
from {{ dms_lake._ledger('runs') }}
where invocation_id = {{ dms_lake._literal(invocation) }}
    {%- endset -%}
    {%- do log("dms_lake_runs " ~ tojson(dms_lake._rows(query))) -%}
{%- endmacro %}

{#- What `lake report` shows, in logged lines of JSON: rows of the audit views, the rows of each table's files against those kept as
    rejected, and the marts that have a chart. Each relation is given as [database, schema, name]. -#}
{% macro _report_facts(audit, counted, charts) -%}
    {%- for name, columns in dms_lake._report_columns().items() -%}
        {%- do log("dms_lake_" ~ name ~ " " ~ tojson(dms_lake._rows("select " ~ columns ~ " from " ~ dms_lake._there(audit[name])))) -%}
    {%- endfor -%}
    {%- for chart in charts -%}
        {%- set query = "select " ~ dms_lake._quoted(chart.x) ~ ", " ~ dms_lake._quoted(chart.y) ~ " from " ~ dms_lake._there(chart.relation) -%}
        {%- do log("dms_lake_chart " ~ tojson({'chart': chart, 'rows': dms_lake._rows(query)})) -%}
    {%- endfor -%}
    {%- for table, changes, rejected in counted -%}
        {%- set read -%}
(select path from {{ dms_lake._there(audit.aud_files) }}
where source_table = {{ dms_lake._literal(table) }} and status = 'readable' and models_that_read_it > 0)
        {%- endset -%}
        {%- set query -%}
select
    count(*) as row_count,
    count(case when _cdc_reject_reason is null then 1 end) as placed,
    (select count(*) from {{ dms_lake._there(rejected) }} where _cdc_file_path in {{ read }}) as rejected
from {{ dms_lake._there(changes) }}
where _cdc_file_path in {{ read }}
        {%- endset -%}
        {%- do log("dms_lake_count " ~ tojson([table] + dms_lake._rows(query)[0])) -%}
    {%- endfor -%}
{%- endmacro %}

{%- macro _there(relation) -%}
    {{- return(api.Relation.create(database=relation[0], schema=relation[1], identifier=relation[2])) -}}
{%- endmacro %}

{%- macro _report_columns() -%}
    {{- return({
        'aud_tables': 'source_table, files, files_held_back, files_vanished, files_unread, size_bytes, generation, last_change_stamp, last_modified, undeclared_columns, undecided_ties, last_written_at',
        'aud_generations': 'source_table, generation, began_at, state, reason, opened_at',
        'aud_columns': 'source_table, column_name, column_type, first_file, found_at',
        'aud_runs': 'model, source_table, rows_written, rows_deleted, files_read, started_at, finished_at',
    }) -}}
{%- endmacro %}

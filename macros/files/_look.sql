{#- What `lake run` must know before it builds, in one logged line of JSON: the files of the tables named, what the models have read
    of them, and which relations stand in the schemas named. On DuckDB the folders of tables where anything changed are listed first,
    as a build would; a dry run lists all, into temporary tables only. A line before each table says which one a listing's error is
    about. -#}
{% macro _look(tables, schemas, is_dry=false) -%}
    {%- do log("dms_lake_target " ~ target.type) -%}
    {%- if not is_dry -%}
        {%- do dms_lake.prepare_ledger() -%}
    {%- endif -%}
    {%- set facts = {'relations': dms_lake._rows_as_they_are(dms_lake._relations_query(schemas))} -%}
    {%- set has_ledger = (target.schema | lower, 'dms_lake_files') in facts.relations -%}
    {%- set listed = tables if is_dry or not has_ledger or target.type != 'duckdb' else dms_lake._changed_tables(tables) -%}
    {%- for node in graph.sources.values() if has_ledger and target.type == 'duckdb' and node.source_name ~ '.' ~ node.name in listed -%}
        {%- do log("dms_lake_begun " ~ node.source_name ~ '.' ~ node.name) -%}
        {%- set table = dms_lake._registry_entry(node) -%}
        {%- if table.active and is_dry -%}
            {%- set found = dms_lake._list_now(table) -%}
            {%- do facts.setdefault('listings', []).append([table.name, found.fresh_files | string, found.newly_gone_files | string]) -%}
        {%- elif table.active -%}
            {%- do dms_lake._take_listing(table) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if has_ledger -%}
        {%- for name, query in dms_lake._ledger_sums().items() -%}
            {%- do facts.update({name: dms_lake._rows_as_they_are(query)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do log("dms_lake_facts " ~ tojson(facts)) -%}
{%- endmacro %}

{#- The rows of a query as lists of texts; null and 0 are empty texts. -#}
{% macro _rows(query) -%}
    {%- set rows = [] -%}
    {%- for row in dms_lake._rows_as_they_are(query) -%}
        {%- do rows.append(row | map('default', '', true) | map('string') | list) -%}
    {%- endfor -%}
    {{- return(rows) -}}
{%- endmacro %}

{#- The rows of a query as tuples. They come from the cursor: `run_query` would guess a type for every cell, of which thousands of
    tables have tens of thousands. -#}
{% macro _rows_as_they_are(query) -%}
    {{- return(adapter.add_query(query, auto_begin=false)[1].fetchall()) -}}
{%- endmacro %}

{#- Every relation of some schemas, and of the target's. -#}
{% macro _relations_query(schemas) -%}
select lower(table_schema) as schema_name, lower(table_name) as table_name
from information_schema.tables
where lower(table_schema) in ({{ dms_lake._literals((schemas + [target.schema]) | map('lower') | unique | list) }})
{%- endmacro %}

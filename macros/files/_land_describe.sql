{#- Write to `dms_lake_landing` what `lake register` and `lake land` must know of registered tables (all by default): their
    entries, the raw table's columns, and the texts that read a file. Their macros run on a throw-away DuckDB file that
    stands in for Athena's ledger, so the rules of the registry, of listings and of columns have one text. -#}
{% macro _land_describe(tables=none) -%}
    {%- do run_query("create or replace table dms_lake_landing (source_table varchar, description varchar)") -%}
    {%- for node in graph.sources.values() if 'dms_lake' in (node.source_meta or {}) or 'dms_lake' in (node.meta or {}) -%}
        {%- if tables is none or node.source_name ~ '.' ~ node.name in tables -%}
            {%- set table = dms_lake._landed_entry(node) -%}
            {%- do dms_lake._check_layouts(table) -%}
            {%- set description = {
                'entry': table,
                'database': node.schema,
                'columns': dms_lake._raw_columns(table),
                'is_rewritten': dms_lake._is_rewritten(table),
                'read_sql': dms_lake._landing_sql(table) if dms_lake._is_rewritten(table) else none,
                'csv_names': dms_lake._csv_names(table),
                'quotes_sql': [dms_lake._odd_quotes(table, ['@file@']), dms_lake._open_quotes(table, ['@file@'])] if dms_lake._csv_names(table) is not none else [],
                'open_quote': dms_lake._open_quote_cure(),
                'variable': dms_lake._scan_variable(table),
                'stream_sql': dms_lake._stream_runs(table) if table.generations == 'stream' else none,
                'columns_sql': dms_lake.duckdb__columns_in_files(table, ['@file@']) if not table.is_text or table.file_format == 'csv' and table.header else none,
                'misfits': dms_lake._landed_misfits(table),
            } -%}
            {%- do run_query("insert into dms_lake_landing values (" ~ dms_lake._literal(table.name) ~ ", " ~ dms_lake._literal(tojson(description)) ~ ")") -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

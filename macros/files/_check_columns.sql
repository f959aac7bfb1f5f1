{#- What new files hold and the registry lacks: named in the ledger and by a warning, or refused; and types that would
    lose digits or time, refused before a row is read. -#}
{% macro _check_columns(table, facts) -%}
    {%- if facts.fresh_files and (not table.is_text or table.file_format == 'csv' and table.header) -%}
        {%- set paths = run_query(dms_lake._fresh_paths(table)).columns[0].values() | list -%}
        {%- set found = [] -%}
        {%- for batch in paths | batch(500 if table.file_format == 'parquet' else 50) -%}
            {%- do found.extend(run_query(dms_lake.columns_in_files(table, batch)).rows) -%}
        {%- endfor -%}
        {%- do dms_lake._check_found_columns(table, found) -%}
    {%- endif -%}
{%- endmacro %}

{% macro _check_found_columns(table, rows) -%}
    {%- set known = ['op', (table.timestamp_column or 'op') | lower, (table.change_seq_column or 'op') | lower] -%}
    {%- do known.extend(table.columns | map(attribute='name') | map('lower')) -%}
    {%- set undeclared = {} -%}
    {%- for row in rows -%}
        {%- do dms_lake._check_file_type(table, row) -%}
        {%- set is_before_image = table.before_image_prefix and row.column_name.lower().startswith(table.before_image_prefix | lower) -%}
        {%- if row.column_name | lower not in known and not is_before_image and row.column_name not in undeclared -%}
            {%- do undeclared.update({row.column_name: row}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if undeclared -%}
        {%- do dms_lake._report_undeclared(table, undeclared.values() | list) -%}
    {%- endif -%}
{%- endmacro %}

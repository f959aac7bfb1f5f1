{#- What new files hold and the registry lacks: named in the ledger and by a warning, or refused; what the registry needs and they lack; and
    types and values that would lose digits or time, refused before a row is read. A full refresh reads known files by the types that are
    declared now. -#}
{% macro _check_columns(table, facts) -%}
    {%- if facts.fresh_files and (not table.is_text or table.file_format == 'csv' and table.header) -%}
        {%- set paths = {'change': [], 'load': []} -%}
        {%- for row in run_query(
            "select fresh.path, listing.phase from (" ~ dms_lake._fresh_paths(table) ~ ") as fresh"
            ~ " inner join dms_lake_listing as listing using (path) order by fresh.path nulls first"
        ).rows -%}
            {%- do paths[row.phase].append(row.path) -%}
        {%- endfor -%}
        {%- set in_changes = dms_lake._columns_of(table, paths.change) -%}
        {%- set found = in_changes + dms_lake._columns_of(table, paths.load) -%}
        {%- do dms_lake._check_order_columns(table, paths.change, in_changes) -%}
        {%- do dms_lake._check_found_columns(table, found) -%}
        {%- do dms_lake._check_values(table, found, paths.change + paths.load) -%}
    {%- endif -%}
    {%- if flags.FULL_REFRESH and not table.is_text -%}
        {%- set known = run_query(
            "select path from dms_lake_listing where size_bytes > 0 and not is_left_over and path not in (select path from (" ~ dms_lake._fresh_paths(table) ~ ")) order by path nulls first"
        ).columns[0].values() | list -%}
        {%- set found = dms_lake._columns_of(table, known) -%}
        {%- for row in found -%}
            {%- do dms_lake._check_file_type(table, row) -%}
        {%- endfor -%}
        {%- do dms_lake._check_values(table, found, known) -%}
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

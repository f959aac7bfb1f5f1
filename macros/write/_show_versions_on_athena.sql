{#- The history view over its log, made anew where its columns are no longer those of the registry. -#}
{% macro _show_versions_on_athena(table) -%}
    {%- set shown = load_relation(this) -%}
    {%- set log = dms_lake._log(this) -%}
    {%- set held = dms_lake._held_types(log) -%}
    {%- set wanted = [] -%}
    {%- for name in table.kept | map(attribute='name') | map('lower') | list + dms_lake._version_columns(table)[table.kept | length:] -%}
        {%- do wanted.append([name, held.get(name)]) -%}
    {%- endfor -%}
    {%- if shown is not none and not shown.is_view -%}
        {%- do adapter.drop_relation(shown) -%}
    {%- endif -%}
    {%- if shown is none or not shown.is_view or dms_lake._held_types(shown).items() | map('list') | list != wanted -%}
        {%- do run_query("create or replace view " ~ this ~ " as\n" ~ dms_lake._versions(log, table)) -%}
    {%- endif -%}
{%- endmacro %}

{#- Before a log takes other columns or types, its view takes them over the log as it is: a view fails for readers when a column
    beneath it is gone, or is of another type than it was made with. -#}
{% macro _bridge_versions(table) -%}
    {%- set shown = load_relation(this) -%}
    {%- set held = dms_lake._held_types(dms_lake._log(this)) -%}
    {%- set columns = [] -%}
    {%- for column in table.kept -%}
        {%- set name = dms_lake._quoted(column.name) -%}
        {%- set is_held = held.get(column.name | lower) == dms_lake._iceberg_type(column.type) -%}
        {%- set value = name if column.name | lower in held else 'null' -%}
        {%- do columns.append(name if is_held else "try_cast(" ~ value ~ " as " ~ dms_lake.data_type(column.type) ~ ") as " ~ name) -%}
    {%- endfor -%}
    {%- set are_same = columns == dms_lake._quoted_all(table.kept | map(attribute='name') | list) -%}
    {%- if shown is not none and shown.is_view and not (are_same and dms_lake._held_types(shown) | length == dms_lake._version_columns(table) | length) -%}
        {%- for column in dms_lake._version_columns(table)[table.kept | length:] if column in held -%}
            {%- do columns.append(column) -%}
        {%- endfor -%}
        {%- do run_query(
            "create or replace view " ~ this ~ " as\nselect " ~ columns | join(', ') ~ " from " ~ dms_lake._log(this) ~ " where _cdc_version_number is not null"
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- A table where the history view should be is named, and only a full refresh replaces it. -#}
{% macro _check_no_table() -%}
    {%- set shown = load_relation(this) -%}
    {%- if shown is not none and not shown.is_view and not flags.FULL_REFRESH -%}
        {%- do dms_lake._fail(
            model.name, "a table named `" ~ shown.identifier ~ "` stands in the schema `" ~ shown.schema
            ~ "` where the view of the history should be. Drop it, or run with --full-refresh, which replaces it."
        ) -%}
    {%- endif -%}
{%- endmacro %}

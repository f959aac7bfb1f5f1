{#- Columns that files hold and the registry lacks: into the ledger once, and said; or an error where the registry wants that. -#}
{% macro _report_undeclared(table, rows) -%}
    {%- set named = [] -%}
    {%- for row in rows -%}
        {%- do named.append("`" ~ row.column_name ~ "` (" ~ row.column_type ~ ", first in " ~ row.first_file ~ ")") -%}
    {%- endfor -%}
    {%- set message = "files of `" ~ table.name ~ "` hold columns that the registry lacks: " ~ (named | join(', ')) ~ ". Declare them under `columns` with a `data_type`, then run its latest model with --full-refresh; until then their values stay in the raw files only." -%}
    {%- if table.undeclared_columns == 'fail' -%}
        {%- do dms_lake._fail("registry entry `" ~ table.name ~ "`", message) -%}
    {%- endif -%}
    {%- do exceptions.warn("dms_lake: " ~ message) -%}
    {%- for row in rows -%}
        {%- do run_query(
            "insert into " ~ dms_lake._ledger('columns') ~ " select " ~ dms_lake._literal(table.name) ~ ", "
            ~ dms_lake._literal(row.column_name) ~ ", " ~ dms_lake._literal(row.column_type) ~ ", " ~ dms_lake._literal(row.first_file)
            ~ ", now() at time zone 'UTC' where not exists (select 1 from " ~ dms_lake._ledger('columns') ~ " where source_table = "
            ~ dms_lake._literal(table.name) ~ " and column_name = " ~ dms_lake._literal(row.column_name) ~ ")"
        ) -%}
    {%- endfor -%}
{%- endmacro %}

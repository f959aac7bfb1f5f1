{#- One listing of a table's files, judged and written into the ledger; by a run on DuckDB, by `lake land` for Athena. -#}
{% macro _take_listing(table) -%}
    {%- set facts = dms_lake._list_now(table) -%}
    {%- do dms_lake._check_listing(table, facts) -%}
    {%- if not table.is_landed -%}
        {%- do dms_lake._check_readable(table, facts) -%}
        {%- do dms_lake._check_whole(table, facts) -%}
        {%- do dms_lake._check_columns(table, facts) -%}
    {%- endif -%}
    {%- set last = dms_lake._last_generation(table) -%}
    {%- set opened = dms_lake._generation_to_open(table, facts, last) -%}
    {%- if facts.fresh_files or facts.newly_gone_files or opened or last.state == 'held' -%}
        {%- do run_query(dms_lake._listing_changes(table, facts, last, opened)) -%}
    {%- endif -%}
    {%- if facts.left_over_files -%}
        {%- do exceptions.warn(
            "dms_lake: " ~ facts.left_over_files ~ " load file(s) of `" ~ table.name ~ "`, e.g. `" ~ facts.left_over_path
            ~ "`, are left over from an older load than the one that wrote the LOAD00000001 beside them, and are not read. Delete them."
        ) -%}
    {%- endif -%}
    {%- if facts.newly_vanished_files and not opened -%}
        {%- set days = table.raw_retention_days -%}
        {%- do exceptions.warn(
            "dms_lake: " ~ facts.newly_vanished_files ~ " file(s) of `" ~ table.name ~ "` that were there are gone from " ~ table.folder
            ~ ". Nothing was deleted from the tables. If the source was truncated: `lake accept-truncate " ~ table.name ~ "`; if an expiry rule removed them, "
            ~ ("it is shorter than the `raw_retention_days: " ~ days ~ "` that are declared" if days else "declare `raw_retention_days`") ~ "; otherwise bring them back."
        ) -%}
    {%- endif -%}
    {%- if facts.rewritten_changes -%}
        {%- do exceptions.warn(
            "dms_lake: " ~ facts.rewritten_changes ~ " change file(s) of `" ~ table.name ~ "`, e.g. `" ~ facts.rewritten_change
            ~ "`, were written anew with another content. They are read again, and their rows take the place of those they had; a row that is in them no longer stays in the tables. If there are such, build them with --full-refresh."
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- List a table's files into temporary tables, and say what is new about them. -#}
{% macro _list_now(table) -%}
    {%- do run_query("create or replace temp table dms_lake_listing as\n" ~ dms_lake._listing(table)) -%}
    {%- if table.generations == 'snapshots' -%}
        {%- do run_query("create or replace temp table dms_lake_markers as\n" ~ dms_lake._markers(table)) -%}
    {%- endif -%}
    {{- return(run_query(dms_lake._listing_facts(table)).rows[0]) -}}
{%- endmacro %}

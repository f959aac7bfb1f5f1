{#- What a listing must not hold, and a root or folder that cannot be right. -#}
{% macro _check_listing(table, facts) -%}
    {%- set where = "registry entry `" ~ table.name ~ "`" -%}
    {%- if facts.unknown_path and facts.unknown_path.split('/')[-1].startswith('CDC_TXN-') -%}
        {%- do dms_lake._fail(where, "`" ~ facts.unknown_path ~ "` is a transaction file (PreserveTransactions, CdcPath), which is not read yet. Switch PreserveTransactions off for this endpoint.") -%}
    {%- elif facts.unknown_path -%}
        {%- do dms_lake._fail(where, "`" ~ facts.unknown_path ~ "` is not named as " ~ dms_lake._expected_names(table) ~ ". Move it out of the table's folder, or correct `envelope`.") -%}
    {%- elif not facts.listed_files and not facts.gone_files and not table.is_landed -%}
        {%- set beside = run_query("select 1 from glob(" ~ dms_lake._literal(dms_lake._as_pattern(table.root.rstrip('/')) ~ '/**') ~ ") limit 1") -%}
        {%- if not beside.rows -%}
            {%- do dms_lake._fail(where, "`root` `" ~ table.root ~ "` holds no file at all. Check `root` and the var `lake_root` (a relative path starts where dbt runs). A table folder may be missing, as DMS writes none for an empty table; a root may not.") -%}
        {%- endif -%}
        {%- do dms_lake._check_folder_case(table) -%}
    {%- endif -%}
{%- endmacro %}

{#- A changes view that was made while its table had no files reads none; to trust it now would lose the new ones. -#}
{% macro _check_view(relation, files) -%}
    {%- if files and target.type == 'duckdb' -%}
        {%- set scans = run_query(
            "select 1 from duckdb_views() where view_name = " ~ dms_lake._literal(relation.identifier)
            ~ " and schema_name = " ~ dms_lake._literal(relation.schema) ~ " and (sql like '%read_parquet%' or sql like '%read_csv%') limit 1"
        ).rows -%}
        {%- if not scans -%}
            {%- do dms_lake._fail(model.name, "`" ~ relation.identifier ~ "` was made while the table had no files. Make it again: dbt run --select +" ~ model.name ~ ".") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

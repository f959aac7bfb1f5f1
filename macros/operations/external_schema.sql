{#- Print and run what Redshift needs before it can read what Athena wrote: the external schema over the Glue database, the schema
    of the views, and who may read both. Run on the Redshift target; with is_dry it is printed only. -#}
{% macro external_schema(database, iam_role='default', region=none, catalog_id=none, readers=[], is_dry=false) -%}
    {%- do dms_lake._check_external_schema(database, iam_role, region, catalog_id, readers) -%}
    {%- set external = dms_lake._quoted(var('dms_lake_external_schema', 'dms_lake_external')) -%}
    {%- set own = dms_lake._quoted(target.schema) -%}
    {%- set statements = [
        'create external schema if not exists ' ~ external ~ ' from data catalog database ' ~ dms_lake._literal(database)
        ~ (' region ' ~ dms_lake._literal(region) if region else '')
        ~ ' iam_role ' ~ ('default' if iam_role == 'default' else dms_lake._literal(iam_role))
        ~ (' catalog_id ' ~ dms_lake._literal(catalog_id) if catalog_id else ''),
        'create schema if not exists ' ~ own,
    ] -%}
    {%- for reader in readers -%}
        {%- set who = dms_lake._principal(reader) -%}
        {%- do statements.extend([
            'grant usage on schema ' ~ external ~ ' to ' ~ who,
            'grant usage on schema ' ~ own ~ ' to ' ~ who,
            'grant select on all tables in schema ' ~ own ~ ' to ' ~ who,
            'alter default privileges in schema ' ~ own ~ ' grant select on tables to ' ~ who,
        ]) -%}
    {%- endfor -%}
    {%- for statement in statements -%}
        {%- do log('dms_lake: ' ~ statement ~ ';', info=true) -%}
        {%- if not is_dry -%}
            {%- do run_query(statement) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

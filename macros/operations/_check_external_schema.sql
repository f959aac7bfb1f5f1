{#- Refuse what Redshift would refuse later, or read as something else. -#}
{% macro _check_external_schema(database, iam_role, region, catalog_id, readers) -%}
    {%- set matches = modules.re.fullmatch -%}
    {%- if target.type != 'redshift' -%}
        {%- do dms_lake._fail("external_schema", "the target `" ~ target.name ~ "` is of type " ~ target.type ~ "; an external schema is Redshift's. Name its target with --target.") -%}
    {%- elif database is not string or not matches('[A-Za-z0-9_.-]{1,255}', database) -%}
        {%- do dms_lake._fail("external_schema", "`database` is `" ~ database ~ "`; it must be the name of the Glue database that Athena writes to, e.g. dms_lake.") -%}
    {%- elif iam_role is not string or (iam_role != 'default' and not matches('arn:aws[a-z-]*:iam::\\d{12}:role/[^\\s\\x27]+', iam_role)) -%}
        {%- do dms_lake._fail("external_schema", "`iam_role` is `" ~ iam_role ~ "`; it must be `default` (the cluster's default role) or a role's ARN, e.g. arn:aws:iam::123456789012:role/redshift-lake.") -%}
    {%- elif region is not none and not matches('[a-z]{2}(-[a-z]+)+-\\d', region | string) -%}
        {%- do dms_lake._fail("external_schema", "`region` is `" ~ region ~ "`; it must be the region of the Glue catalog, e.g. eu-west-1, or be left out where it is the cluster's own.") -%}
    {%- elif catalog_id is not none and not matches('\\d{12}', catalog_id | string) -%}
        {%- do dms_lake._fail("external_schema", "`catalog_id` is `" ~ catalog_id ~ "`; it must be the account that owns the Glue catalog, twelve digits in quotes, or be left out where it is the cluster's own.") -%}
    {%- elif readers is string or readers is mapping or readers is not iterable -%}
        {%- do dms_lake._fail("external_schema", "`readers` is `" ~ readers ~ "`; it must be a list, e.g. [role:analysts, group:bi, user:jo].") -%}
    {%- endif -%}
{%- endmacro %}

{#- The statement that makes a table from a query: on Athena an Iceberg table in a folder of its own, with the partitions given. -#}
{% macro create_table(relation, query, partitions=none) -%}
    {{- return(adapter.dispatch('create_table', 'dms_lake')(relation, query, partitions or [])) -}}
{%- endmacro %}

{% macro default__create_table(relation, query, partitions) -%}
    {%- do dms_lake._not_implemented('create_table') -%}
{%- endmacro %}

{% macro duckdb__create_table(relation, query, partitions) -%}
create table if not exists {{ relation }} as
{{ query }}
{%- endmacro %}

{% macro athena__create_table(relation, query, partitions) -%}
    {%- set naming = config.get('s3_data_naming', target.s3_data_naming) -%}
    {%- if 'unique' not in naming or config.get('external_location') -%}
        {%- do dms_lake._fail(
            'create_table',
            "`s3_data_naming` is `" ~ naming ~ "`" ~ (" and `external_location` is set" if config.get('external_location'))
            ~ "; a new table needs a folder of its own, or its readers would see half of it. Use schema_table_unique in the profile and no external_location."
        ) -%}
    {%- endif -%}
create table {{ relation }}
with (
    table_type = 'iceberg',
    is_external = false,
    format = 'parquet',
    location = '{{ adapter.generate_s3_location(relation, config.get('s3_data_dir', target.s3_data_dir), naming) }}'
    {%- if partitions %},
    partitioning = array[{% for partition in partitions %}{{ dms_lake._literal(partition) }}{{ ', ' if not loop.last }}{% endfor %}]
    {%- endif %}
    {%- for property, value in (config.get('table_properties') or {}).items() %},
    {{ property }} = {{ value }}
    {%- endfor %}
)
as
{{ query }}
{%- endmacro %}

{#- The columns that files hold by their own word (Parquet schema, CSV header line): column_name, column_type, scale, first_file. -#}
{% macro columns_in_files(table, paths) -%}
    {{- return(adapter.dispatch('columns_in_files', 'dms_lake')(table, paths)) -}}
{%- endmacro %}

{% macro default__columns_in_files(table, paths) -%}
    {%- do dms_lake._not_implemented('columns_in_files') -%}
{%- endmacro %}

{% macro duckdb__columns_in_files(table, paths) -%}
    {%- if table.file_format == 'parquet' -%}
select
    name as column_name,
    duckdb_type as column_type,
    coalesce(scale, 0) as scale,
    min(file_name) as first_file
from parquet_schema({{ dms_lake._file_list(paths) }})
where type is not null
group by all
    {%- else -%}
{%- set width = dms_lake._csv_width(table) -%}
with

headers as (
    {% for path in paths %}
    (
        select
            {{ dms_lake._literal(path) }} as path,
            [{% for number in range(1, width + 1) %}_f{{ number }}{{ ', ' if not loop.last }}{% endfor %}] as fields
        from read_csv({{ dms_lake._literal(dms_lake._as_pattern(path)) }}, {{ dms_lake._csv_options(table, width, 1048576) }})
        limit 1
    )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

names as (

    select path, unnest(fields) as column_name from headers

)

select
    column_name,
    'TEXT' as column_type,
    0 as scale,
    min(path) as first_file
from names
where column_name is not null
group by column_name
union all
{%- set expected = table.key or table.columns | map(attribute='name') | list %}
select
    null as column_name,
    'NO HEADER' as column_type,
    0 as scale,
    path as first_file
from names
group by path
having count(distinct lower(column_name)) filter (
    where lower(column_name) in ({% for name in expected %}{{ dms_lake._literal(name | lower) }}{{ ', ' if not loop.last }}{% endfor %})
) < {{ table.key | length or 1 }}
    {%- endif -%}
{%- endmacro %}

{#- The files of a table now, named by what DMS's naming says of them: phase, stamp, and whether the name can be trusted. -#}
{% macro _listing(table) -%}
with

listed as (

    {% if table.is_landed -%}
    select path, size_bytes, last_modified from dms_lake_objects where source_table = {{ dms_lake._literal(table.name) }}
    {%- else -%}
    {{ dms_lake.list_files(table) | indent(4) }}
    {%- endif %}

),

named as (

    select
        path,
        substr(path, {{ (table.folder | length) + 2 }}) as file,
        regexp_extract(path, '[^/]*$') as file_name,
        size_bytes,
        last_modified
    from listed

),

of_interest as (

    select * from named
    where
        not regexp_matches(file_name, '^[._]|_\$folder\$$|^$')
        and not regexp_matches(file, '(^|/)awsdms_')

),

classified as (

    select
        path,
        file,
        size_bytes,
        last_modified,
        case
            when not regexp_matches(file_name, '\.({{ 'parquet' if table.envelope == 's3_parquet' else 'csv|csv\\.gz' }})$')
                then 'unknown'
            when regexp_matches(file_name, '^(SEGMENT[0-9]+_)?LOAD[0-9A-F]{8}\.') then 'load'
            when regexp_matches(file_name, '^[0-9]{8}-[0-9]{9,10}\.') then 'change'
            else 'unknown'
        end as phase,
        {{ dms_lake.file_stamp('path') }} as stamp
    from of_interest

)

select
    *,
    try_strptime(substr(stamp, 1, 15), '%Y%m%d-%H%M%S') as stamped_at
from classified
{%- endmacro %}

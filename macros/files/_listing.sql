{#- The files of a table now, named by what DMS's naming says of them: phase, stamp, and whether an older load left it over. -#}
{% macro _listing(table) -%}
with

listed as (

    {{ dms_lake._listed(table) | indent(4) }}

),

named as (

    select
        path,
        substr(path, {{ (table.base | length) + 2 }}) as file,
        regexp_extract(path, '[^/]*$') as file_name,
        size_bytes,
        last_modified
    from listed

),

of_interest as (

    select * from named
    where not {{ dms_lake._is_not_of_interest('file') }}

),

classified as (

    select
        path,
        file,
        size_bytes,
        last_modified,
        {{ dms_lake._phase(table) }} as phase,
        {{ dms_lake.file_stamp('path') }} as stamp,
        {{ dms_lake._snapshot_number('path', table) if table.generations == 'snapshots' else 'cast(null as integer)' }} as snapshot
    from of_interest

),

stamped as (

    select
        *,
        coalesce(
            try_strptime(substr(stamp, 1, 15), '%Y%m%d-%H%M%S'),
            try_strptime(substr(stamp, 1, 19), '%Y-%m-%d-%H-%M-%S')
        ) as stamped_at
    from classified

)
{%- if table.generations == 'loads' %},

{{ dms_lake._left_over() }}

select * from judged
{%- else %}

select
    *,
    false as is_left_over
from stamped
{%- endif %}
{%- endmacro %}

{#- Whether a file below a table's folder is none of DMS's data: hidden, a folder's mark, or of a control table. -#}
{% macro _is_not_of_interest(file) -%}
(regexp_matches({{ file }}, '(^|/)([._][^/]*|[^/]*_\$folder\$|)$') or regexp_matches({{ file }}, '(^|/)awsdms_'))
{%- endmacro %}

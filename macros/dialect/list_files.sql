{#- What lies in a table's folder now: path, size_bytes, last_modified (UTC). No content is read. -#}
{% macro list_files(table) -%}
    {{- return(adapter.dispatch('list_files', 'dms_lake')(table)) -}}
{%- endmacro %}

{% macro default__list_files(table) -%}
    {%- do dms_lake._not_implemented('list_files') -%}
{%- endmacro %}

{% macro duckdb__list_files(table) -%}
    select
        filename as path,
        size as size_bytes,
        cast(last_modified at time zone 'UTC' as timestamp) as last_modified
    from read_blob({{ dms_lake._literal((table.folder | replace('{snapshot}', '*')) ~ '/**') }})
{%- endmacro %}

{#- What lies in some folders now, `{snapshot}` standing for any: path, size_bytes, last_modified (UTC). No content is read. -#}
{% macro list_files(folders) -%}
    {{- return(adapter.dispatch('list_files', 'dms_lake')(folders)) -}}
{%- endmacro %}

{% macro default__list_files(folders) -%}
    {%- do dms_lake._not_implemented('list_files') -%}
{%- endmacro %}

{% macro duckdb__list_files(folders) -%}
    select
        filename as path,
        size as size_bytes,
        cast(last_modified at time zone 'UTC' as timestamp) as last_modified
    from read_blob([
        {%- for folder in folders %}
        {{ dms_lake._literal((dms_lake._as_pattern(folder) | replace('{snapshot}', '*')) ~ '/**') }}{{ ',' if not loop.last }}
        {%- endfor %}
    ])
{%- endmacro %}

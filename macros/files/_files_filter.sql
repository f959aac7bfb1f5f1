{#- The predicate that restricts a scan to given files, by literals: what prunes on every engine. -#}
{% macro _files_filter(files) -%}
    {%- if files is none -%}
    true
    {%- elif not files -%}
    false
    {%- else -%}
    _cdc_file_path in (
        {%- for file in files %}
        {{ dms_lake._literal(file.path) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}

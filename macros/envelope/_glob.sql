{#- The pattern of a table's data files, or of one kind of them where a folder holds a dump and events. -#}
{% macro _glob(table, kind=none) -%}
    {%- if table.file_format == 'parquet' -%}
        {%- set suffix = '.parquet' -%}
    {%- elif table.names == 'dms' -%}
        {%- set suffix = '.csv*' -%}
    {%- elif table.dump -%}
        {%- set suffix = '.' ~ (kind or '') ~ '*' -%}
    {%- else -%}
        {%- set suffix = '' -%}
    {%- endif -%}
    {{- return((dms_lake._as_pattern(table.folder) | replace('{snapshot}', '*')) ~ '/**/*' ~ suffix) -}}
{%- endmacro %}

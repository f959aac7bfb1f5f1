{#- True for a row of a full load: by its file's name, by the record's own word, or always in a snapshot. -#}
{% macro _is_load(table) -%}
    {%- if table.operations == 'letter' -%}
{{ dms_lake.file_stamp('"raw"._raw_file_path') }} like 'LOAD%'
    {%- elif table.operations == 'record' -%}
coalesce("raw"._raw_operation = 'load', false)
    {%- else -%}
{{ 'true' if table.generations == 'snapshots' else 'false' }}
    {%- endif -%}
{%- endmacro %}

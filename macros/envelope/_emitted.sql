{#- When DMS wrote a row: a record says so itself, a snapshot's folder does, a load row's timestamp is just that. -#}
{% macro _emitted(table) -%}
    {%- if table.operations == 'record' -%}
{{ dms_lake.text_to('timestamp', '"raw"._raw_emitted') }}
    {%- elif table.generations == 'snapshots' -%}
{{ dms_lake._snapshot_moment('"raw"._raw_file_path', table) }}
    {%- else -%}
case when {{ dms_lake._is_load(table) }} then {{ dms_lake.text_to('timestamp', '"raw"._raw_timestamp') }} end
    {%- endif -%}
{%- endmacro %}

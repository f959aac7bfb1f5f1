{#- When DMS wrote a row, of a typed one: a record says so itself, a snapshot's folder does, a load row's timestamp is just that.
    A load's time is parsed where rejected rows are told from others, not below: DuckDB would parse the time of every row first. -#}
{% macro _emitted(table) -%}
    {%- if table.operations == 'record' -%}
_raw_emitted_at
    {%- elif table.generations == 'snapshots' -%}
{{ dms_lake._snapshot_moment('_raw_file_path', table) }}
    {%- else -%}
case when _raw_is_load then {{ '_raw_at' if dms_lake.by_distinct_value() else dms_lake.text_to('timestamp', '_raw_timestamp') }} end
    {%- endif -%}
{%- endmacro %}

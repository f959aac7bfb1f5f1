{#- Row events of a MySQL binlog as JSON (WriteRowsEvent, UpdateRowsEvent, DeleteRowsEvent), after a dump of the table as CSV
    in the same folder: the dump's rows are load rows. -#}
{% macro _binlog_json_facts() -%}
    {{- return({'formats': ['json'], 'names': 'any', 'operations': 'record', 'generations': 'one', 'dump': 'csv'}) -}}
{%- endmacro %}

{% macro _binlog_json_rows(table) -%}
{%- set fields = {
    '_raw_event': [['type']], '_raw_schema': [['schema']], '_raw_table': [['table']], '_raw_timestamp': [['timestamp']],
    '_raw_data': [['row', 'values'], ['row', 'after_values']],
} -%}
{{ dms_lake._json_records(table) }},

{{ dms_lake._json_fields(table, fields, [['row', 'after_values'], ['row', 'values']], [['row', 'before_values']]) }},

events as (

    select
        * exclude (_raw_event),
        cast(null as varchar) as _raw_emitted,
        cast(null as varchar) as _raw_transaction_id,
        cast(null as varchar) as _raw_transaction_record_number,
        case _raw_event when 'WriteRowsEvent' then 'I' when 'UpdateRowsEvent' then 'U' when 'DeleteRowsEvent' then 'D' else _raw_event end as _raw_operation,
        case
            when _raw_event is null then 'not a row event: it has no type'
            when _raw_data is null then 'a row event without values'
        end as _raw_problem
    from fields
    where _raw_event is null or {{ dms_lake._json_is_ours(table) }}

),

{{ dms_lake._csv_files(table, 'dump') }},

"raw" as (

    select * from events
    union all by name
    select
        * exclude (_raw_operation, _raw_fields),
        'load' as _raw_operation,
        cast(_raw_fields as varchar) as _raw_record
    from dump

)
{%- endmacro %}

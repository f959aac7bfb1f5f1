{#- DMS over Kinesis or Kafka, as Firehose leaves it: JSON records of many tables, or the same as two structs in Parquet.
    Control records and records of other tables are no rows of this table. -#}
{% macro _dms_json_facts() -%}
    {{- return({'formats': ['json', 'parquet'], 'names': 'any', 'operations': 'record', 'generations': 'stream'}) -}}
{%- endmacro %}

{% macro _dms_json_rows(table) -%}
{%- set metadata = {
    '_raw_record_type': 'record-type', '_raw_word': 'operation', '_raw_schema': 'schema-name', '_raw_table': 'table-name',
    '_raw_emitted': 'timestamp', '_raw_timestamp': 'commit-timestamp', '_raw_transaction_id': 'transaction-id',
    '_raw_transaction_record_number': 'transaction-record-id',
} -%}
{%- set fields = {'_raw_data': [['data']]} -%}
{%- for alias, name in metadata.items() -%}
    {%- do fields.update({alias: [['metadata', name], ['metadata', name | replace('-', '_')]]}) -%}
{%- endfor -%}
{{ dms_lake._json_records(table) }},

{{ dms_lake._json_fields(table, fields, [['data'], ['data', '_doc']], [['before-image'], ['before_image']]) }},

"raw" as (

    select
        * exclude (_raw_word),
        case _raw_word when 'load' then 'load' when 'insert' then 'I' when 'update' then 'U' when 'delete' then 'D' else _raw_word end as _raw_operation,
        case
            when _raw_record_type is null then 'not a record of DMS: it has no metadata.record-type'
            when _raw_data is null then 'a data record without data'
        end as _raw_problem
    from fields
    where _raw_record_type is null
        or (_raw_record_type = 'data' and {{ dms_lake._json_is_ours(table) }})

)
{%- endmacro %}

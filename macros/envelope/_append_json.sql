{#- Rows that are only ever added, as JSON objects (application events over Firehose): no operation, every row an insert. -#}
{% macro _append_json_facts() -%}
    {{- return({'formats': ['json', 'parquet'], 'names': 'any', 'operations': 'none', 'generations': 'one'}) -}}
{%- endmacro %}

{% macro _append_json_rows(table) -%}
{{ dms_lake._json_records(table) }},

{{ dms_lake._json_fields(table, {'_raw_timestamp': [[table.timestamp_column]]} if table.timestamp_column else {}, [[]], []) }},

"raw" as (

    select
        *,
        {%- if not table.timestamp_column %}
        cast(null as varchar) as _raw_timestamp,
        {%- endif %}
        cast(null as varchar) as _raw_operation,
        case when not _raw_is_object then 'not a JSON object' end as _raw_problem
    from fields

)
{%- endmacro %}

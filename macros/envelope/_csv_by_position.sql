{#- Records mapped by position: the phase and the number of fields say which declared layout a record has. -#}
{% macro _csv_by_position(table, layouts, token, result) -%}
{%- set sizes = layouts | map(attribute='size') | unique | sort | list -%}
{{ result }} as (

    select
        {%- for field in dms_lake._csv_fields(table) %}
        {{ dms_lake._field_by_layout(field.alias, layouts, table, token) }} as {{ dms_lake._quoted(field.alias) }},
        {%- endfor %}
        records._raw_file_path,
        records._raw_scan_row_number - first_records._raw_scan_row_number + 1 as _raw_file_row_number,
        case
            when
                records._raw_scan_row_number = first_records._raw_scan_row_number
                and list_has_all(
                    list_transform(records._raw_fields, lambda field: lower(field)),
                    [{% for column in table.columns if not column.added and not column.dropped %}{{ dms_lake._literal(column.name | lower) }}{{ ', ' if not loop.last }}{% endfor %}]
                )
                then 'a header line, but the registry says `header: false`'
            {%- for is_load in [true, false] %}
            {%- set allowed = layouts | selectattr('is_load', 'equalto', is_load) | map(attribute='size') | unique | sort | list %}
            when {{ '' if is_load else 'not ' }}records._raw_is_load and records._raw_size not in ({{ allowed | join(', ') }})
                then 'wrong column count: ' || records._raw_size || ' fields, the registry allows {{ allowed | join(' or ') }} in a {{ 'load' if is_load else 'change' }} file'
            {%- endfor %}
        end as _raw_problem,
        to_json(records._raw_fields[:records._raw_size]) as _raw_fields
    from records
    inner join first_records using (_raw_file_path)

)
{%- endmacro %}

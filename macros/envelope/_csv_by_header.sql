{#- Records mapped by the header line of their own file: columns may come, go and move from file to file. -#}
{% macro _csv_by_header(table, token, result) -%}
headers as (

    select
        records._raw_file_path,
        records._raw_scan_row_number as _raw_header_row_number,
        records._raw_size as _raw_header_size,
        list_transform(records._raw_fields, lambda field: lower(field)) as _raw_names
    from records
    inner join first_records using (_raw_file_path, _raw_scan_row_number)

),

positions as (

    select
        _raw_file_path,
        _raw_header_row_number,
        {%- for field in dms_lake._csv_fields(table) if field.header %}
        list_position(_raw_names, {{ dms_lake._literal(field.header | lower) }}) as {{ dms_lake._quoted('_at_' ~ field.alias) }},
        {%- endfor %}
        _raw_header_size
    from headers

),

{{ result }} as (

    select
        {%- for field in dms_lake._csv_fields(table) %}
        {%- if field.header %}
        nullif(records._raw_fields[positions.{{ dms_lake._quoted('_at_' ~ field.alias) }}], {{ token }}) as {{ dms_lake._quoted(field.alias) }},
        {%- else %}
        cast(null as varchar) as {{ dms_lake._quoted(field.alias) }},
        {%- endif %}
        {%- endfor %}
        records._raw_file_path,
        records._raw_scan_row_number - positions._raw_header_row_number as _raw_file_row_number,
        case
            when records._raw_size != positions._raw_header_size
                then 'wrong column count: ' || records._raw_size || ' fields under a header of ' || positions._raw_header_size
        end as _raw_problem,
        to_json(records._raw_fields[:records._raw_size]) as _raw_fields
    from records
    inner join positions using (_raw_file_path)
    where records._raw_scan_row_number > positions._raw_header_row_number

)
{%- endmacro %}

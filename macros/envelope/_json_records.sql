{#- CTEs that end in `json_records`: the JSON records of a table's files in file order, whatever stands between them. A line that is an
    object is a record; what else a file holds (records back to back, or printed over many lines) is cut at its outermost braces. -#}
{% macro _json_records(table) -%}
json_lines as (

    {{ dms_lake._json_lines(table) | indent(4) }}

),

checked as materialized (

    select
        *,
        coalesce({{ dms_lake._json_is_object('_raw_record') }}, false) as _raw_is_object
    from json_lines

),

{{ dms_lake._json_odd_texts() }},

{{ dms_lake._json_pieces() }},

{{ dms_lake._json_cut() }},

found as (

    select
        _raw_file_path,
        _raw_line_number,
        cast(0 as bigint) as _raw_cut_number,
        _raw_record,
        true as _raw_is_object
    from checked
    where _raw_is_object
    union all
    select
        *,
        true as _raw_is_object
    from pieces
    union all
    select
        *,
        coalesce({{ dms_lake._json_is_object('_raw_record') }}, false) as _raw_is_object
    from cuts
    where _raw_record != ''

),

-- what was found to be JSON stays a text: a cast to it would look through every record once more
json_records as (

    select
        _raw_record,
        case when _raw_is_object then _raw_record end as _raw_json,
        _raw_file_path,
        row_number() over (partition by _raw_file_path order by _raw_line_number, _raw_cut_number) as _raw_file_row_number
    from found

)
{%- endmacro %}

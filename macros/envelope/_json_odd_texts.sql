{#- CTEs that end in `odd_texts`: what of a table's files is no record in a line of its own. -#}
{% macro _json_odd_texts() -%}
-- where no line alone is a record, the records of a file run over its lines
whole_files as (

    select
        _raw_file_path,
        cast(1 as bigint) as _raw_line_number,
        string_agg(_raw_record, chr(10) order by _raw_line_number) as _raw_text
    from checked
    group by _raw_file_path
    having not bool_or(_raw_is_object)

),

odd_texts as (

    select * from whole_files
    union all
    select
        _raw_file_path,
        _raw_line_number,
        _raw_record
    from checked
    where not _raw_is_object
        and _raw_file_path not in (select _raw_file_path from whole_files)

)
{%- endmacro %}

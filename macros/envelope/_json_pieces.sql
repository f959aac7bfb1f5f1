{#- CTEs that split `odd_texts` where one record follows another with nothing between: to `pieces`, where every piece is an object, and
    `uneven_texts` otherwise. Outside of strings a `}` comes before a `{` only there, and a piece that ends within a string is no JSON. -#}
{% macro _json_pieces() -%}
split_texts as materialized (

    select
        _raw_file_path,
        _raw_line_number,
        unnest(_raw_pieces) as _raw_record,
        generate_subscripts(_raw_pieces, 1) as _raw_cut_number
    from (
        select
            *,
            string_split(regexp_replace(_raw_text, '\}\s*\{', '}' || chr(30) || '{', 'g'), chr(30)) as _raw_pieces
        from odd_texts
    )

),

even_texts as (

    select
        _raw_file_path,
        _raw_line_number
    from split_texts
    group by _raw_file_path, _raw_line_number
    having bool_and({{ dms_lake._json_is_object('_raw_record') }})

),

pieces as (

    select
        _raw_file_path,
        _raw_line_number,
        cast(_raw_cut_number as bigint) as _raw_cut_number,
        trim(_raw_record, ' ' || chr(9) || chr(10) || chr(13)) as _raw_record
    from split_texts
    inner join even_texts using (_raw_file_path, _raw_line_number)

),

uneven_texts as (

    select * from odd_texts
    anti join even_texts using (_raw_file_path, _raw_line_number)

)
{%- endmacro %}

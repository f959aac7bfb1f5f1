{#- CTEs that end in `cuts`: texts cut into records where the braces outside of strings are balanced. What is never closed stays one
    piece, so that nothing is lost. -#}
{% macro _json_cut() -%}
tokenized as (

    select
        _raw_file_path,
        _raw_line_number,
        regexp_extract_all(_raw_text, '"(?:[^"\\]|\\.)*"|[{}]|[^"{}]+|"') as _raw_tokens
    from uneven_texts

),

tokens as (

    select
        _raw_file_path,
        _raw_line_number,
        unnest(_raw_tokens) as _raw_token,
        generate_subscripts(_raw_tokens, 1) as _raw_token_number
    from tokenized

),

depths as (

    select
        *,
        sum(case _raw_token when '{' then 1 when '}' then -1 else 0 end) over (
            partition by _raw_file_path, _raw_line_number order by _raw_token_number
        ) as _raw_depth
    from tokens

),

ends as (

    select
        *,
        coalesce(sum(case when _raw_token = '}' and _raw_depth = 0 then 1 else 0 end) over (
            partition by _raw_file_path, _raw_line_number order by _raw_token_number
            rows between unbounded preceding and 1 preceding
        ), 0) as _raw_cut_number
    from depths

),

cuts as (

    select
        _raw_file_path,
        _raw_line_number,
        cast(_raw_cut_number as bigint) as _raw_cut_number,
        trim(string_agg(_raw_token, '' order by _raw_token_number), ' ,[]' || chr(9) || chr(10) || chr(13)) as _raw_record
    from ends
    group by _raw_file_path, _raw_line_number, _raw_cut_number

)
{%- endmacro %}

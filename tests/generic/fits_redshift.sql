{#- Rows whose texts or bytes Redshift would cut off without a word: it reads 16,384 bytes of a text and 64,000 of a varbyte.
    On Redshift, where the rest is gone already: rows that reach the limit. -#}
{% test fits_redshift(model, columns=none) %}
{%- set checked = dms_lake._limited_columns(model, columns) -%}
with

cut_off as (

    select * from {{ model }}
    where
        {%- for column in checked %}
        {{ 'or ' if not loop.first }}{{ dms_lake.byte_length(column.name, column.is_binary) }} {{ '>=' if target.type == 'redshift' else '>' }} {{ 64000 if column.is_binary else 16384 }}
        {%- else %}
        1 = 0
        {%- endfor %}

)

select * from cut_off
{% endtest %}

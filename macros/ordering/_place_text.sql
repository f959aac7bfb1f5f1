{#- The place of a change in the total order as one text that sorts as the order does; for files of DMS on S3, whose stamps and
    sequences have a known length. Its generation are the first 10 characters; the 116th is the operation's rank, 3 for what left no row. -#}
{% macro _place_text(alias, is_deleted) -%}
{%- set parts = dms_lake.order_parts(alias) -%}
lpad(cast({{ parts[0] }} as varchar), 10, '0')
    || cast({{ parts[1] }} as varchar)
    || rpad({{ parts[2] }}, 35, ' ')
    || coalesce({{ dms_lake._micros_text(alias ~ '._cdc_committed_at') }}, rpad('', 26, ' '))
    || rpad({{ parts[5] }}, 24, ' ')
    || lpad(cast({{ parts[6] }} + 1 as varchar), 19, '0')
    || case when {{ is_deleted }} then '3' else cast({{ parts[7] }} as varchar) end
    || {{ parts[8] }}
{%- endmacro %}

{#- A timestamp as a text of 26 characters: engines leave out zeros at the end of its fraction, or do not. -#}
{% macro _micros_text(expression) -%}
{%- set text = "cast(" ~ expression ~ " as varchar)" -%}
rpad({{ text }} || case when strpos({{ text }}, '.') = 0 then '.' else '' end, 26, '0')
{%- endmacro %}

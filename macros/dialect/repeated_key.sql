{#- A query that has a row where a key stands twice among some rows. Where a part of the key is a whole number, 64 neighbours are one
    group: it holds a bit for each of them, and as many rows as bits where none stands twice. Keys that a database numbers are dense,
    so that there are few groups; where they are not, it is as many groups as keys. -#}
{% macro repeated_key(keys, whole_number, rows) -%}
    {{- return(adapter.dispatch('repeated_key', 'dms_lake')(keys, whole_number, rows)) -}}
{%- endmacro %}

{% macro default__repeated_key(keys, whole_number, rows) -%}
    {%- do dms_lake._not_implemented('repeated_key') -%}
{%- endmacro %}

{% macro duckdb__repeated_key(keys, whole_number, rows) -%}
{%- set bits = "bit_count(bit_or(cast(1 as ubigint) << cast(" ~ whole_number ~ " & 63 as ubigint)))" -%}
{{ dms_lake._repeated_key(keys, whole_number, whole_number ~ ' >> 6', bits, rows) }}
{%- endmacro %}

{% macro athena__repeated_key(keys, whole_number, rows) -%}
{%- set neighbours = "bitwise_right_shift_arithmetic(cast(" ~ whole_number ~ " as bigint), 6)" -%}
{%- set bits = "bit_count(bitwise_or_agg(bitwise_left_shift(bigint '1', cast(bitwise_and(" ~ whole_number ~ ", 63) as integer))), 64)" -%}
{{ dms_lake._repeated_key(keys, whole_number, neighbours, bits, rows) }}
{%- endmacro %}

{% macro redshift__repeated_key(keys, whole_number, rows) -%}
{{ dms_lake._repeated_key(keys, none, none, none, rows) }}
{%- endmacro %}

{#- The query, in an engine's words for the group of 64 and for the bits seen in it. -#}
{% macro _repeated_key(keys, whole_number, neighbours, bits, rows) -%}
select 1 as is_repeated
from {{ rows }}
group by {{ (keys | reject('eq', whole_number) | list + [neighbours] if whole_number else keys) | join(', ') }}
having count(*) > {{ bits if whole_number else 1 }}
limit 1
{%- endmacro %}

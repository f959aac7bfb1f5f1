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
select 1 as is_repeated
from {{ rows }}
{%- if whole_number %}
group by {{ (keys | reject('eq', whole_number) | list + [whole_number ~ ' >> 6']) | join(', ') }}
having count(*) > bit_count(bit_or(cast(1 as ubigint) << cast({{ whole_number }} & 63 as ubigint)))
{%- else %}
group by {{ keys | join(', ') }}
having count(*) > 1
{%- endif %}
limit 1
{%- endmacro %}

{% macro athena__repeated_key(keys, whole_number, rows) -%}
select 1 as is_repeated
from {{ rows }}
{%- if whole_number %}
group by {{ (keys | reject('eq', whole_number) | list + ['bitwise_right_shift_arithmetic(cast(' ~ whole_number ~ ' as bigint), 6)']) | join(', ') }}
having count(*) > bit_count(bitwise_or_agg(bitwise_left_shift(bigint '1', cast(bitwise_and({{ whole_number }}, 63) as integer))), 64)
{%- else %}
group by {{ keys | join(', ') }}
having count(*) > 1
{%- endif %}
limit 1
{%- endmacro %}

{% macro redshift__repeated_key(keys, whole_number, rows) -%}
select 1 as is_repeated
from {{ rows }}
group by {{ keys | join(', ') }}
having count(*) > 1
limit 1
{%- endmacro %}

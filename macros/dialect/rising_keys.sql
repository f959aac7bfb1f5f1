{#- A query of one boolean: whether each of some rows has a greater key than the one read before it, so that no key stands twice,
    in whatever order they were read; none where an engine cannot say so without a sort. -#}
{% macro rising_keys(keys, rows) -%}
    {{- return(adapter.dispatch('rising_keys', 'dms_lake')(keys, rows)) -}}
{%- endmacro %}

{% macro default__rising_keys(keys, rows) -%}
    {%- do dms_lake._not_implemented('rising_keys') -%}
{%- endmacro %}

{% macro duckdb__rising_keys(keys, rows) -%}
with

keys as (

    select {{ keys[0] if keys | length == 1 else 'row(' ~ keys | join(', ') ~ ')' }} as key
    from {{ rows }}

),

steps as (

    select
        key,
        lag(key) over () as previous_key
    from keys

)

select bool_and(coalesce(key > previous_key, previous_key is null))
from steps
{%- endmacro %}

{% macro athena__rising_keys(keys, rows) -%}
    {{- return(none) -}}
{%- endmacro %}

{% macro redshift__rising_keys(keys, rows) -%}
    {{- return(none) -}}
{%- endmacro %}

{#- HMAC-SHA256 of a text under the mask key, in lower-case hex: the same on every engine that has it. The key itself stands in
    no SQL: DuckDB takes it from the session, Athena from a table that only the one who builds may read (docs/masks.md). -#}
{% macro keyed_hash(expression) -%}
    {{- return(adapter.dispatch('keyed_hash', 'dms_lake')(expression)) -}}
{%- endmacro %}

{% macro default__keyed_hash(expression) -%}
    {%- do dms_lake._not_implemented('keyed_hash') -%}
{%- endmacro %}

{% macro duckdb__keyed_hash(expression) -%}
sha256({{ dms_lake._mask_pad('5c') }} || unhex(sha256({{ dms_lake._mask_pad('36') }} || encode({{ expression }}))))
{%- endmacro %}

{#- The key, filled to a block of 64 bytes, xor a byte: HMAC's own words. A constant to the engine, made once per query. -#}
{% macro _mask_pad(byte) -%}
    {%- set key = "getvariable('dms_lake_mask_key')" -%}
    {%- set unset = "error('dms_lake: the mask key is not set in this session (docs/masks.md).')" -%}
    {%- set short = "case when " ~ key ~ " is null then " ~ unset ~ " when octet_length(encode(" ~ key ~ ")) > 64 then unhex(sha256(" ~ key ~ ")) else encode(" ~ key ~ ") end" -%}
cast(xor(cast(unhex(rpad(hex({{ short }}), 128, '0')) as bit), cast(unhex(repeat('{{ byte }}', 64)) as bit)) as blob)
{%- endmacro %}

{#- Not exactly one key in the table, or a short one, is an error of the query (division by zero), never a null.
    It stands first: Trino looks no further once an argument is null. -#}
{% macro athena__keyed_hash(expression) -%}
lower(to_hex(hmac_sha256(to_utf8({{ expression }}), to_utf8((select substr('', 1 / case when count(*) = 1 and min(length(trim(mask_key))) >= 16 then 1 else 0 end) || trim(min(mask_key)) from {{ dms_lake._quoted(target.schema) }}.dms_lake_mask_key)))))
{%- endmacro %}

{#- Redshift serves what Athena wrote, and has no HMAC: a hash of its own would not equal theirs. -#}
{% macro redshift__keyed_hash(expression) -%}
    {%- do dms_lake._fail('keyed_hash', "not written for the adapter `redshift`; a table with the mask `hash` is built on DuckDB or Athena, and Redshift reads its latest, current and history.") -%}
{%- endmacro %}

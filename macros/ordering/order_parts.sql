{#- The total order of changes (docs/order.md): the parts in order, later is greater, none is ever null.
    The first eight say when a change happened; the file path only makes the answer the same everywhere,
    and where it has to decide, the tie is undecided and counted. -#}
{% macro order_parts(alias) -%}
    {%- if alias is not string or alias == '' -%}
        {%- do dms_lake._fail("order_parts", "`alias` is `" ~ alias ~ "`; it must be the name of a relation in the query, in quotes.") -%}
    {%- endif -%}
    {%- set a = alias ~ '.' -%}
    {{- return([
        "coalesce(" ~ a ~ "_cdc_generation, 0)",
        "case when " ~ a ~ "_cdc_operation = 'load' then 0 else 1 end",
        "coalesce(" ~ a ~ "_cdc_change_seq, '')",
        "coalesce(" ~ a ~ "_cdc_committed_at, timestamp '0001-01-01 00:00:00.000000')",
        "coalesce(" ~ a ~ "_cdc_transaction_record_number, -1)",
        "coalesce(" ~ dms_lake.file_stamp(a ~ "_cdc_file_path") ~ ", '')",
        "coalesce(" ~ a ~ "_cdc_file_row_number, -1)",
        "case " ~ a ~ "_cdc_operation when 'load' then 0 when 'insert' then 1 when 'update' then 2 when 'delete' then 3 end",
        "coalesce(" ~ a ~ "_cdc_file_path, '')",
    ]) -}}
{%- endmacro %}

{#- Set the ledger of a table back, so that the next run reads its files again: all of them, or the change files from a name
    stamp on (`LOAD…` sorts after every date, so load files need their own word). -#}
{% macro read_again(table, from_stamp=none) -%}
    {%- set reads = dms_lake._ledger('reads') -%}
    {%- set condition = "source_table = " ~ dms_lake._literal(dms_lake._known_table(table, 'read_again')) -%}
    {%- if from_stamp is not none -%}
        {%- set condition = condition ~ " and file in (select file from " ~ dms_lake._ledger('files') ~ " where " ~ condition
            ~ " and phase = 'change' and stamp >= " ~ dms_lake._literal(from_stamp) ~ ")" -%}
    {%- endif -%}
    {%- set rows = run_query("select distinct file from " ~ reads ~ " where " ~ condition).rows -%}
    {%- do dms_lake._change_ledger(["delete from " ~ reads ~ " where " ~ condition]) -%}
    {%- do log("dms_lake: " ~ rows | length ~ " file(s) of `" ~ table ~ "` will be read again by the next run.", info=true) -%}
{%- endmacro %}

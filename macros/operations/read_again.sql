{#- Set the ledger of a table back, so that the next run reads its files again: all of them, or the change files from a name
    stamp on (`LOAD…` sorts after every date, so load files need their own word). Only files that can be read: a run would miss
    the others, and a full refresh would no longer know that rows came from them. -#}
{% macro read_again(table, from_stamp=none) -%}
    {%- set reads = dms_lake._ledger('reads') -%}
    {%- set of_table = "source_table = " ~ dms_lake._literal(dms_lake._known_table(table, 'read_again')) -%}
    {%- set files = "select file from " ~ dms_lake._ledger('files') ~ " where " ~ of_table -%}
    {%- set asked = of_table -%}
    {%- if from_stamp is not none -%}
        {%- set files = files ~ " and phase = 'change' and stamp >= " ~ dms_lake._literal(from_stamp) -%}
        {%- set asked = asked ~ " and file in (" ~ files ~ ")" -%}
    {%- endif -%}
    {%- set there = of_table ~ " and file in (" ~ files ~ " and status in ('readable', 'held'))" -%}
    {%- set count = "select count(distinct file) as files from " ~ reads ~ " where " -%}
    {%- set again = run_query(count ~ there).rows[0].files -%}
    {%- set left_out = run_query(count ~ asked).rows[0].files - again -%}
    {%- do dms_lake._change_ledger(["delete from " ~ reads ~ " where " ~ there]) -%}
    {%- do log("dms_lake: " ~ again ~ " file(s) of `" ~ table ~ "` will be read again by the next run.", info=true) -%}
    {%- if left_out -%}
        {%- do log("dms_lake: " ~ left_out ~ " file(s) that do not count any more (gone, or replaced by a newer load) are left out; what was read of them stays.", info=true) -%}
    {%- endif -%}
{%- endmacro %}

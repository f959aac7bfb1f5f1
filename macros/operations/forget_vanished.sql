{#- Accept that files of a table are gone for good: no run asks for them any more, and what was read of them stays. -#}
{% macro forget_vanished(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'forget_vanished')) -%}
    {%- set files = dms_lake._ledger('files') -%}
    {%- set vanished = "status = 'vanished' and source_table = " ~ name -%}
    {%- set rows = run_query("select file from " ~ files ~ " where " ~ vanished).rows -%}
    {%- do dms_lake._change_ledger(["update " ~ files ~ " set status = 'forgotten' where " ~ vanished]) -%}
    {%- do log("dms_lake: " ~ rows | length ~ " vanished file(s) of `" ~ table ~ "` are no longer expected.", info=true) -%}
{%- endmacro %}

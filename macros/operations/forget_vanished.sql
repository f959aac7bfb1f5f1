{#- Accept that files of a table are gone for good: no run asks for them any more, and what was read of them stays. -#}
{% macro forget_vanished(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'forget_vanished')) -%}
    {%- set rows = run_query("update " ~ dms_lake._ledger('files') ~ " set status = 'forgotten' where status = 'vanished' and source_table = " ~ name ~ " returning file").rows -%}
    {%- do log("dms_lake: " ~ rows | length ~ " vanished file(s) of `" ~ table ~ "` are no longer expected.", info=true) -%}
{%- endmacro %}

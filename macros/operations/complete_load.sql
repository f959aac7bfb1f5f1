{#- Say that a later full load that is held back is complete: the next run applies it without waiting. -#}
{% macro complete_load(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'complete_load')) -%}
    {%- set held = "state = 'held' and source_table = " ~ name -%}
    {%- set rows = run_query("select generation from " ~ dms_lake._ledger('generations') ~ " where " ~ held).rows -%}
    {%- do dms_lake._change_ledger([
        "update " ~ dms_lake._ledger('files') ~ " set status = 'readable' where status = 'held' and source_table = " ~ name,
        "update " ~ dms_lake._ledger('generations') ~ " set state = 'complete' where " ~ held,
    ]) -%}
    {%- do log("dms_lake: " ~ (("generation " ~ rows[0][0] ~ " of `" ~ table ~ "` counts as complete.") if rows else ("no load of `" ~ table ~ "` is held back.")), info=true) -%}
{%- endmacro %}

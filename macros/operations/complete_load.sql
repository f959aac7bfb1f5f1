{#- Say that a later full load that is held back is complete: the next run applies it without waiting. -#}
{% macro complete_load(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'complete_load')) -%}
    {%- set rows = run_query("update " ~ dms_lake._ledger('generations') ~ " set state = 'complete' where state = 'held' and source_table = " ~ name ~ " returning generation").rows -%}
    {%- do run_query("update " ~ dms_lake._ledger('files') ~ " set status = 'readable' where status = 'held' and source_table = " ~ name) -%}
    {%- do log("dms_lake: " ~ (("generation " ~ rows[0][0] ~ " of `" ~ table ~ "` counts as complete.") if rows else ("no load of `" ~ table ~ "` is held back.")), info=true) -%}
{%- endmacro %}

{#- Say that a table whose files are gone was truncated at the source: the next run of latest leaves no living key. -#}
{% macro accept_truncate(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'accept_truncate')) -%}
    {%- set files = dms_lake._ledger('files') -%}
    {%- set left = run_query("select file from " ~ files ~ " where source_table = " ~ name ~ " and status in ('readable', 'held')").rows -%}
    {%- if left -%}
        {%- do dms_lake._fail("accept_truncate", "`" ~ table ~ "` still has " ~ left | length ~ " file(s), e.g. `" ~ left[0][0] ~ "`. A truncate removes all of them; for part of them use `lake forget-vanished`.") -%}
    {%- endif -%}
    {%- do dms_lake._change_ledger([
        "insert into " ~ dms_lake._ledger('generations') ~ " select " ~ name ~ ", coalesce(max(generation), 0) + 1, " ~ dms_lake._now()
            ~ ", 'complete', 'truncate accepted', " ~ dms_lake._now() ~ " from " ~ dms_lake._ledger('generations') ~ " where source_table = " ~ name,
        "update " ~ files ~ " set status = 'superseded' where status = 'vanished' and source_table = " ~ name,
    ]) -%}
    {%- do log("dms_lake: `" ~ table ~ "` counts as truncated; the next run leaves no living key.", info=true) -%}
{%- endmacro %}

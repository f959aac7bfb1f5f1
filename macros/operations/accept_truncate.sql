{#- Say that a table whose files are gone was truncated at the source: the next run of latest leaves no living key but those of files that
    are newer than all that are gone. -#}
{% macro accept_truncate(table) -%}
    {%- set name = dms_lake._literal(dms_lake._known_table(table, 'accept_truncate')) -%}
    {%- set files = dms_lake._ledger('files') -%}
    {%- set known = run_query("select file, status from " ~ files ~ " where source_table = " ~ name).rows -%}
    {%- set left = known | selectattr(1, 'in', ['readable', 'held']) | list -%}
    {%- if left -%}
        {%- do dms_lake._fail(
            "accept_truncate",
            "`" ~ table ~ "` still has " ~ left | length ~ " file(s) as the last run saw them, e.g. `" ~ left[0][0] ~ "`. A truncate removes all of them; for part of them use `lake forget-vanished`. "
            ~ "If these were put in after a truncate, build the table's `lat_` model with --full-refresh and `dms_lake_force_full_refresh: true`: it then holds what is in them alone."
        ) -%}
    {%- elif not known -%}
        {%- do dms_lake._fail("accept_truncate", "no run has seen a file of `" ~ table ~ "` yet, so none is gone. Build its models first.") -%}
    {%- endif -%}
    {%- do dms_lake._change_ledger([
        "insert into " ~ dms_lake._ledger('generations') ~ " select " ~ name ~ ", coalesce(max(generation), 0) + 1, " ~ dms_lake._now()
            ~ ", 'complete', 'truncate accepted', " ~ dms_lake._now() ~ " from " ~ dms_lake._ledger('generations') ~ " where source_table = " ~ name,
        "update " ~ files ~ " set status = 'superseded' where status = 'vanished' and source_table = " ~ name,
    ]) -%}
    {%- do log("dms_lake: `" ~ table ~ "` counts as truncated; the next run leaves no living key.", info=true) -%}
{%- endmacro %}

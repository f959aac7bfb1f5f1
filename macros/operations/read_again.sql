{#- Set the ledger of a table back, so that the next run reads its files again: all of them, or the change files from a name
    stamp on (`LOAD…` sorts after every date, so load files need their own word). -#}
{% macro read_again(table, from_stamp=none) -%}
    {%- set condition = "source_table = " ~ dms_lake._literal(dms_lake._known_table(table, 'read_again')) -%}
    {%- if from_stamp is not none -%}
        {%- set condition = condition ~ " and exists (select 1 from " ~ dms_lake._ledger('files') ~ " as files"
            ~ " where files.source_table = reads.source_table and files.file = reads.file and files.phase = 'change' and files.stamp >= "
            ~ dms_lake._literal(from_stamp) ~ ")" -%}
    {%- endif -%}
    {%- set rows = run_query("delete from " ~ dms_lake._ledger('reads') ~ " as reads where " ~ condition ~ " returning file").rows -%}
    {%- do log("dms_lake: " ~ rows | map(attribute=0) | unique | list | length ~ " file(s) of `" ~ table ~ "` will be read again by the next run.", info=true) -%}
{%- endmacro %}

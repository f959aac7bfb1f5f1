{#- Another key makes other hashes: held keys would stand beside themselves, and equal values differ. So rows that were hashed under another
    key are not added to. Where none is noted (by an earlier version) the one at hand is taken to be theirs, and noted by the write. -#}
{% macro _check_mask_key(table) -%}
    {%- set marks = dms_lake._stored_masks(table).key_marks if table.hashed else [] -%}
    {%- if marks and dms_lake._rows_as_they_are("select " ~ dms_lake._key_mark() ~ " as key_mark")[0][0] not in marks -%}
        {%- do dms_lake._fail(
            model.name, "`" ~ table.name ~ "` masks " ~ (table.hashed | join(', ')) ~ " by hash, and its rows were hashed under another key than that of this run: "
            ~ "equal values would no longer be equal. Restore the key (docs/masks.md), or run `dbt build --full-refresh --select " ~ model.name ~ "`."
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- What tells one key from another and does not give it away: the hash of a text that is always the same. -#}
{% macro _key_mark() -%}
    {{- return(dms_lake.keyed_hash(dms_lake._literal('dms_lake: the mark of a mask key'))) -}}
{%- endmacro %}

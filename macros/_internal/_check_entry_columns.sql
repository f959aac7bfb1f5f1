{#- What must agree between a registry entry and its columns' own fields. -#}
{% macro _check_entry_columns(entry, where) -%}
    {%- for column in entry.columns -%}
        {%- if column.name | lower == 'op' and entry.operations == 'letter' and (entry.header or entry.file_format == 'parquet') -%}
            {%- do dms_lake._fail(where, "column `" ~ column.name ~ "` is DMS's own operation column. Leave it out of `columns`; if the source has one of that name, rename it with a DMS transformation rule.") -%}
        {%- elif column.dropped is not none and column.dropped <= column.added -%}
            {%- do dms_lake._fail(where, "column `" ~ column.name ~ "` is dropped (" ~ column.dropped ~ ") before it is added (" ~ column.added ~ "). Give `dropped` the number of a later schema change.") -%}
        {%- elif column.name in entry.key and (column.added or column.dropped) -%}
            {%- do dms_lake._fail(where, "key column `" ~ column.name ~ "` has `added` or `dropped`, but a key is there in every file. Choose another key, or register the old files as a table of their own.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do dms_lake._check_masks(entry, where) -%}
{%- endmacro %}

{#- Rows that were stored under other masks would stay as they are, so a table whose masks changed, or are gone, is built anew or not at all. -#}
{% macro _check_masks_unchanged(table) -%}
    {%- set masks = dms_lake._stored_masks(table).masks -%}
    {%- if masks != table.masks -%}
        {%- do dms_lake._fail(
            model.name, "the masks of `" ~ table.name ~ "` are " ~ (table.masks or "none") ~ "; its rows were stored under "
            ~ (masks or "none") ~ ", and would stay so. Run `dbt build --full-refresh --select "
            ~ model.name ~ "`, and see docs/masks.md for what old files of the database still hold."
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- The statements that note the masks under which a whole table was written, with a mark of the key where a column is hashed; for a
    table that goes on the mark alone, where an earlier version noted none. -#}
{% macro _note_masks(table, build, is_kept) -%}
    {%- set masks = dms_lake._ledger('masks') -%}
    {%- set name = dms_lake._literal(model.unique_id) -%}
    {%- set statements = [] if build or is_kept else ["delete from " ~ masks ~ " where model = " ~ name] -%}
    {%- if table.masks and not (is_kept and (not table.hashed or dms_lake._stored_masks(table).key_marks)) -%}
        {%- do statements.append(
            "insert into " ~ masks ~ " select " ~ name ~ ", " ~ dms_lake._literal(table.masks) ~ ", "
            ~ (dms_lake._literal(build) if build else "null") ~ ", " ~ (dms_lake._key_mark() if table.hashed else "null")
        ) -%}
    {%- endif -%}
    {{- return(statements) -}}
{%- endmacro %}

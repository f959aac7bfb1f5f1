{#- Rows that were stored under other masks would stay as they are, so a table whose masks changed is built anew or not at all. -#}
{% macro _check_masks_unchanged(table) -%}
    {%- if table.masks -%}
        {%- set stored = run_query(
            "select masks from " ~ dms_lake._ledger('masks') ~ " as masks where model = " ~ dms_lake._literal(model.unique_id)
            ~ dms_lake._of_build('masks', dms_lake._build())
        ).rows -%}
        {%- if not stored or stored[0][0] != table.masks -%}
            {%- do dms_lake._fail(
                model.name, "the masks of `" ~ table.name ~ "` are " ~ table.masks ~ "; its rows were stored under "
                ~ (stored[0][0] if stored else "none") ~ ", and would stay so. Run `dbt build --full-refresh --select "
                ~ model.name ~ "`, and see docs/masks.md for what old files of the database still hold."
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The statements that note the masks under which a whole table was written. -#}
{% macro _note_masks(table, build) -%}
    {%- set masks = dms_lake._ledger('masks') -%}
    {%- set name = dms_lake._literal(model.unique_id) -%}
    {%- set statements = [] if build else ["delete from " ~ masks ~ " where model = " ~ name] -%}
    {%- if table.masks -%}
        {%- do statements.append("insert into " ~ masks ~ " select " ~ name ~ ", " ~ dms_lake._literal(table.masks) ~ ", " ~ (dms_lake._literal(build) if build else "null")) -%}
    {%- endif -%}
    {{- return(statements) -}}
{%- endmacro %}

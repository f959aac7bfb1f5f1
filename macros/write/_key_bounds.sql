{#- The least and greatest first key of a batch as a condition on the held rows, so that a merge reads only the ranges of the table
    that the batch can touch: the engine may find them by itself, while it runs and if it does not take long, but literals hold.
    They are whole numbers or dates that the engine computed over all rows that the batch can have, and are checked to be no other
    text. Nothing for other keys, and for tables so small that reading them costs less than asking. -#}
{% macro _key_bounds(table) -%}
    {%- set types = {} -%}
    {%- for column in table.kept -%}
        {%- do types.update({column.name: column.type if not column.mask else none}) -%}
    {%- endfor -%}
    {%- set type = types.get(table.key[0]) if table.key -%}
    {%- set unread = dms_lake._unread(table) -%}
    {%- if type in ['bigint', 'integer', 'smallint', 'date'] and (unread.listed_bytes or 0) > dms_lake._bytes_worth_asking() -%}
        {%- set found = run_query(dms_lake._key_bounds_query(table, unread)).rows[0].bounds or '' -%}
        {%- set value = '(\\d{4}-\\d\\d-\\d\\d)' if type == 'date' else '(-?\\d{1,19})' -%}
        {%- set bounds = modules.re.fullmatch('from ' ~ value ~ ' to ' ~ value, found) -%}
        {%- if bounds -%}
            {%- set literal = dms_lake.data_type(type) ~ " '{}'" -%}
            {{- return(
                ' and stored.' ~ dms_lake._quoted(table.key[0]) ~ ' between ' ~ literal.format(bounds.group(1)) ~ ' and ' ~ literal.format(bounds.group(2))
            ) -}}
        {%- endif -%}
    {%- endif -%}
    {{- return('') -}}
{%- endmacro %}

{#- All keys that the batch can have: of the unread changes, of what they moved from, and of the rows that a newer load outlives. Why a
    row cannot be placed is not asked: that takes most of the columns, and its key makes the bounds wider at most. -#}
{% macro _key_bounds_query(table, unread) -%}
{%- set name = dms_lake._quoted(table.key[0]) -%}
select 'from ' || cast(min(least_key) as varchar) || ' to ' || cast(max(greatest_key) as varchar) as bounds
from (
    select
        {%- if table.old_key %}
        least({{ name }}, coalesce({{ dms_lake._previous(table.key[0]) }}, {{ name }})) as least_key,
        greatest({{ name }}, coalesce({{ dms_lake._previous(table.key[0]) }}, {{ name }})) as greatest_key
        {%- else %}
        {{ name }} as least_key,
        {{ name }} as greatest_key
        {%- endif %}
    from {{ graph.nodes[model.depends_on.nodes | select('in', graph.nodes) | first].relation_name }}
    where {{ dms_lake._files_filter(unread.files) | indent(8) }}
    {%- if unread.newest > 1 %}
    union all
    select
        {{ name }},
        {{ name }}
    from {{ this }}
    where not _cdc_is_deleted and _cdc_generation < {{ unread.newest }}
    {%- endif %}
) as keys
{%- endmacro %}

{#- Raw files of more than this: a table of them takes longer to read than a question of its keys. -#}
{% macro _bytes_worth_asking() -%}
    {{- return(64000000) -}}
{%- endmacro %}

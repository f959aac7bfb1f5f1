{#- Whether the unread load files can be taken as they are, without a sort: columnar, all files of the newest generation, and
    no key twice, as only a broken load has. Reads the key alone, and looks for one that stands twice only where keys do not rise
    from row to row, as a table is mostly read. -#}
{% macro _is_plain_load(relation, table, files, loads, newest) -%}
    {%- set generations = (files or []) | map(attribute='generation') | unique | list -%}
    {%- if not loads or table.is_text or generations != [newest] or (not table.key and newest > 1) -%}
        {{- return(false) -}}
    {%- elif not table.key or flags.WHICH not in ['run', 'build'] -%}
        {{- return(true) -}}
    {%- endif -%}
    {%- set rows = relation ~ ' as changes where ' ~ dms_lake._files_filter(loads) -%}
    {#- Where the keys of all rows rise, so do those of the rows that can be placed: why a row cannot be is not asked. -#}
    {%- set rising = dms_lake.rising_keys(dms_lake._key(table), rows) -%}
    {%- set placed = rows ~ '\n    and changes._cdc_reject_reason is null' -%}
    {%- set repeated = dms_lake.repeated_key(dms_lake._key(table), dms_lake._whole_number(table), placed) -%}
    {%- do dms_lake.take_mask_key(table, true) -%}
    {%- set is_plain = (rising is not none and run_query(rising).rows[0][0] is true) or not run_query(repeated).rows -%}
    {%- do dms_lake.take_mask_key(table, false) -%}
    {{- return(is_plain) -}}
{%- endmacro %}

{#- The last part of a table's key that is a whole number, quoted; none where no part is one, or only a masked one. -#}
{% macro _whole_number(table) -%}
    {%- set whole = ['bigint', 'integer', 'smallint'] -%}
    {%- set found = table.kept | rejectattr('mask') | selectattr('type', 'in', whole) | map(attribute='name') | list -%}
    {%- set last = table.key | select('in', found) | list | last -%}
    {{- return(dms_lake._quoted(last) if last else none) -}}
{%- endmacro %}

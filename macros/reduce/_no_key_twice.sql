{#- Whether no key stands twice among the rows of some files. All rows are asked by the key alone; of loads, where a key stands twice among
    them, those that can be placed: why a row cannot be takes most of the columns, and among changes a repeated key is usual. -#}
{% macro _no_key_twice(relation, table, files, are_loads) -%}
    {%- set key = dms_lake._key(table) -%}
    {%- set whole_number = dms_lake._whole_number(table) -%}
    {%- set rows = relation ~ ' as changes where ' ~ dms_lake._files_filter(files) -%}
    {%- set placed = rows ~ '\n    and changes._cdc_reject_reason is null' -%}
    {%- set rising = dms_lake.rising_keys(key, rows) if are_loads else none -%}
    {%- do dms_lake.take_mask_key(table, true) -%}
    {%- set is_so = (rising is not none and run_query(rising).rows[0][0] is true)
        or not run_query(dms_lake.repeated_key(key, whole_number, rows)).rows
        or (are_loads and not run_query(dms_lake.repeated_key(key, whole_number, placed)).rows) -%}
    {%- do dms_lake.take_mask_key(table, false) -%}
    {{- return(is_so) -}}
{%- endmacro %}

{#- The last part of a table's key that is a whole number, quoted; none where no part is one, or only a masked one. -#}
{% macro _whole_number(table) -%}
    {%- set whole = ['bigint', 'integer', 'smallint'] -%}
    {%- set found = table.kept | rejectattr('mask') | selectattr('type', 'in', whole) | map(attribute='name') | list -%}
    {%- set last = table.key | select('in', found) | list | last -%}
    {{- return(dms_lake._quoted(last) if last else none) -}}
{%- endmacro %}

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
    {%- set repeated -%}
select 1 from {{ rows }}
    and changes._cdc_reject_reason is null
group by {{ dms_lake._key(table) | join(', ') }}
having count(*) > 1
limit 1
    {%- endset -%}
    {%- do dms_lake.take_mask_key(table, true) -%}
    {%- set is_plain = (rising is not none and run_query(rising).rows[0][0] is true) or not run_query(repeated).rows -%}
    {%- do dms_lake.take_mask_key(table, false) -%}
    {{- return(is_plain) -}}
{%- endmacro %}

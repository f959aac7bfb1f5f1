{#- Whether some unread files hold each key once, so that their changes are one row per key as they are, without a sort. Asked where they are
    columnar; on Athena, where a statement takes about a second whatever it does, only of as many rows as take longer to sort. -#}
{% macro _are_single_changes(relation, table, files) -%}
    {%- set is_worth_it = files and (files | map(attribute='size_bytes') | sum) >= (4000000 if dms_lake._merges() else 0) -%}
    {%- if not is_worth_it or dms_lake._reads_text(table) or table.fills or table.old_key or not table.key or flags.WHICH not in ['run', 'build'] -%}
        {{- return(false) -}}
    {%- endif -%}
    {{- return(dms_lake._no_key_twice(relation, table, files, false)) -}}
{%- endmacro %}

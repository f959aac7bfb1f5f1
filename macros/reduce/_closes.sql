{#- Whether this run knows what the newest generation lacks. Of a snapshot only a run that reads all its files does: a row that a
    snapshot repeats keeps the older generation that brought it, so a held row's own does not tell. -#}
{% macro _closes(table) -%}
    {%- if table.generations != 'snapshots' or not dms_lake._is_incremental() -%}
        {{- return(true) -}}
    {%- endif -%}
    {%- set unread = dms_lake._unread(table) -%}
    {%- if unread.files is none or flags.EMPTY -%}
        {{- return(true) -}}
    {%- endif -%}
    {{- return(unread.files | selectattr('generation', 'equalto', unread.newest) | list | length == unread.newest_files) -}}
{%- endmacro %}

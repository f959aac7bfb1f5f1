{#- Whether the unread load files can be taken as they are, without a sort: columnar where they are read, all files of the newest
    generation, and no key twice, as only a broken load has. Of text only where a file's name says that all its rows are a load's. -#}
{% macro _is_plain_load(relation, table, files, loads, newest) -%}
    {%- set generations = (files or []) | map(attribute='generation') | unique | list -%}
    {%- if not loads or dms_lake._reads_text(table) or table.fills or (table.is_text and table.operations != 'letter') or generations != [newest] or (not table.key and newest > 1) -%}
        {{- return(false) -}}
    {%- elif not table.key or flags.WHICH not in ['run', 'build'] -%}
        {{- return(true) -}}
    {%- endif -%}
    {{- return(dms_lake._no_key_twice(relation, table, loads, true)) -}}
{%- endmacro %}

{#- Whether to read a key means to read whole text files: on Athena they were landed as columns. -#}
{% macro _reads_text(table) -%}
    {{- return(table.is_text and target.type != 'athena') -}}
{%- endmacro %}

{#- Of tables by name those whose folders must be listed one by one: not all that lies there is what the ledger knows, or something is
    held, gone or left over. One listing and one query for all of them, so that thousands of quiet tables cost next to nothing. Where
    a folder's name does not say which files are the table's (a snapshot's day, a folder in another one), the table is listed. -#}
{% macro _changed_tables(tables) -%}
    {%- set folders = dms_lake._plain_folders(tables) -%}
    {%- if not folders -%}
        {{- return(tables) -}}
    {%- endif -%}
    {%- set quiet = dict.fromkeys(dms_lake._rows_as_they_are(dms_lake._quiet_tables(folders)) | map('first')) -%}
    {{- return(tables | reject('in', quiet) | list) -}}
{%- endmacro %}

{#- The folder of each of some tables, where no snapshot's day stands in it; read off the registry without checking it. -#}
{% macro _plain_folders(tables) -%}
    {%- set folders = {} -%}
    {%- set named = dict.fromkeys(tables) -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name in named -%}
        {%- set given = dict(node.source_meta.get('dms_lake') or {}, **((node.meta or {}).get('dms_lake') or {})) -%}
        {%- set folder = (given.root or '') ~ '/' ~ (given.folder or node.identifier) -%}
        {%- if given.root is string and '{snapshot}' not in folder -%}
            {%- do folders.update({node.source_name ~ '.' ~ node.name: dms_lake._folder(given.root, given.folder, node.identifier)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(folders) -}}
{%- endmacro %}

{#- Where a table's files lie. -#}
{% macro _folder(root, folder, identifier) -%}
    {{- return(root.rstrip('/') ~ '/' ~ (folder or identifier)) -}}
{%- endmacro %}

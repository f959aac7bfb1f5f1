{#- What the current model must read now, as {files, newest, listed_bytes, build, is_kept}: files that are listed, complete and not in its ledger (all of them
    on a full refresh), each {file, path, phase, generation, last_modified, reading}, and the newest complete generation.
    Asked once per model and run, so that what is compiled, written and recorded is one set, whatever lands meanwhile.
    Files are none where no query may be sent. -#}
{% macro _unread(table) -%}
    {%- if not dms_lake._has_ledger() -%}
        {{- return({'files': none, 'newest': 1, 'listed_bytes': 0}) -}}
    {%- elif flags.EMPTY -%}
        {{- return({'files': [], 'newest': 1, 'listed_bytes': 0}) -}}
    {%- endif -%}
    {%- set node = graph.nodes[model.unique_id] -%}
    {%- if node.get('dms_lake_unread', {}).get('invocation_id') != invocation_id -%}
        {%- do node.update({'dms_lake_unread': dms_lake._ask_unread(table)}) -%}
    {%- endif -%}
    {{- return(node.dms_lake_unread) -}}
{%- endmacro %}

{#- Where the paths as literals would not fit into Athena's query text, each file carries the query that yields this very set
    again, on the snapshots of the ledger that it was asked of. -#}
{% macro _ask_unread(table) -%}
    {%- set build = dms_lake._build() -%}
    {%- set is_kept = dms_lake._is_incremental() -%}
    {%- set rows = run_query(dms_lake._unread_query(table, build, is_kept)).rows -%}
    {%- set set = none -%}
    {%- if target.type == 'athena' and rows | map(attribute='path') | map('default', '', true) | join | length > 12000 -%}
        {%- set set = dms_lake._unread_query(table, build, is_kept, dms_lake._ledger_versions()) -%}
        {%- set rows = run_query(set).rows -%}
    {%- endif -%}
    {%- set files = [] -%}
    {%- for row in rows if row.file is not none -%}
        {%- do files.append({
            'file': row.file, 'path': row.path, 'phase': row.phase, 'generation': row.generation, 'status': row.status,
            'last_modified': row.last_modified, 'size_bytes': row.size_bytes, 'reading': row.reading | default(0, true),
            'is_known': row.is_known, 'is_read_again': row.is_read_again, 'files_of_generation': row.files_of_generation, 'set': set
        }) -%}
    {%- endfor -%}
    {%- do dms_lake._check_vanished(table, files | rejectattr('status', 'equalto', 'readable') | list) -%}
    {%- if target.type == 'athena' and rows[0].is_unknown and model.config.materialized == 'latest' -%}
        {%- do exceptions.warn("dms_lake: no file of `" ~ table.name ~ "` has been landed yet, so its tables are empty. `lake land` brings files in (docs/athena.md); if it ran, the table's folder is empty.") -%}
    {%- endif -%}
    {{- return({
        'invocation_id': invocation_id,
        'listed_bytes': rows[0].listed_bytes,
        'files': files | selectattr('status', 'equalto', 'readable') | list,
        'newest': rows[0].newest,
        'newest_files': rows[0].newest_files,
        'build': build,
        'is_kept': is_kept,
    }) -}}
{%- endmacro %}

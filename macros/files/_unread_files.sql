{#- The files that the current model must read now: listed, complete, and not in its ledger (all of them on a full refresh).
    A list of {file, path, phase, generation}; none where no query may be sent. -#}
{% macro _unread_files(table) -%}
    {%- if not dms_lake._has_ledger() -%}
        {{- return(none) -}}
    {%- elif flags.EMPTY -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set query -%}
select files.file, files.path, files.phase, files.generation, files.status
from {{ dms_lake._ledger('files') }} as files
left join {{ dms_lake._ledger('reads') }} as reads
    on reads.model = {{ dms_lake._literal(model.unique_id) }}
    and reads.source_table = files.source_table
    and reads.file = files.file
    and reads.last_modified = files.last_modified
where files.source_table = {{ dms_lake._literal(table.name) }}
    and files.status in ('readable', 'vanished')
    {%- if dms_lake._is_incremental() %}
    and reads.file is null
    {%- endif %}
order by files.generation nulls first, files.phase desc nulls last, files.stamp nulls first, files.file nulls first
    {%- endset -%}
    {%- set files = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do files.append({'file': row[0], 'path': row[1], 'phase': row[2], 'generation': row[3], 'status': row[4]}) -%}
    {%- endfor -%}
    {%- do dms_lake._check_vanished(table, files | selectattr('status', 'equalto', 'vanished') | list) -%}
    {{- return(files | selectattr('status', 'equalto', 'readable') | list) -}}
{%- endmacro %}

{#- Queries over the whole ledger whose few rows tell which models have something to read, by name:
    files (table, status, files); reads (model, files read of those in use, newest generation read); runs (model, last write);
    generations (table, newest complete one, when it was opened); columns (table, undeclared columns). Texts and numbers only. -#}
{% macro _ledger_sums() -%}
    {%- set in_use = "files.status in ('readable', 'vanished')" -%}
    {%- set reads -%}
select reads.model, count(distinct reads.file) as files, max(reads.generation) as generation
from ({{ dms_lake._counting_reads() }}) as reads
inner join {{ dms_lake._ledger('files') }} as files
    on reads.source_table = files.source_table
    and reads.file = files.file
    and reads.last_modified = files.last_modified
    and coalesce(reads.reading, 0) = coalesce(files.reading, 0)
where {{ in_use }}
group by reads.model
    {%- endset -%}
    {%- set generations -%}
select source_table, max(generation) as generation, cast(max(opened_at) as varchar) as opened_at
from {{ dms_lake._ledger('generations') }}
where state = 'complete'
group by source_table
    {%- endset -%}
    {{- return({
        'files': "select source_table, status, count(*) as files from " ~ dms_lake._ledger('files') ~ " group by source_table, status",
        'reads': reads,
        'runs': "select model, cast(max(finished_at) as varchar) as finished_at from " ~ dms_lake._ledger('runs') ~ " group by model",
        'generations': generations,
        'columns': "select source_table, count(*) as undeclared from " ~ dms_lake._ledger('columns') ~ " group by source_table",
    }) -}}
{%- endmacro %}

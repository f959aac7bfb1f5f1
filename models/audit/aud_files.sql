with

files as (

    select * from {{ dms_lake._ledger('files') }}

),

reads as (

    select
        source_table,
        file,
        last_modified,
        count(distinct model) as models_that_read_it,
        max(read_at) as last_read_at
    from ({{ dms_lake._counting_reads() }}) as counting
    group by source_table, file, last_modified

),

files_with_reads as (

    select
        files.*,
        coalesce(reads.models_that_read_it, 0) as models_that_read_it,
        reads.last_read_at
    from files
    left join reads
        on
            files.source_table = reads.source_table
            and files.file = reads.file
            and files.last_modified = reads.last_modified

)

select * from files_with_reads

with

files as (

    select * from {{ ref('aud_files') }}

),

file_counts as (

    select
        source_table,
        count(*) filter (where status = 'readable') as files,
        count(*) filter (where status = 'held') as files_held_back,
        count(*) filter (where status = 'vanished') as files_vanished,
        count(*) filter (where status = 'readable' and models_that_read_it = 0) as files_unread,
        sum(size_bytes) filter (where status = 'readable') as size_bytes,
        max(generation) as generation,
        max(stamp) filter (where phase = 'change') as last_change_stamp,
        max(last_modified) as last_modified
    from files
    group by source_table

)

select * from file_counts

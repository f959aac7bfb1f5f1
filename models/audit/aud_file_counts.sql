with

files as (

    select * from {{ ref('aud_files') }}

),

file_counts as (

    select
        source_table,
        count_if(status = 'readable') as files,
        count_if(status = 'held') as files_held_back,
        count_if(status = 'vanished') as files_vanished,
        count_if(status = 'readable' and models_that_read_it = 0) as files_unread,
        sum(case when status = 'readable' then size_bytes end) as size_bytes,
        max(generation) as generation,
        max(case when phase = 'change' then stamp end) as last_change_stamp,
        max(last_modified) as last_modified
    from files
    group by source_table

)

select * from file_counts

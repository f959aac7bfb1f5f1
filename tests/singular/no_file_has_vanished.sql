{{ config(severity='warn', enabled=target.type == 'duckdb') }}

select * from {{ ref('aud_files') }}
where status = 'vanished'

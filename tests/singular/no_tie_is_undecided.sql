{{ config(severity='warn', enabled=target.type == 'duckdb') }}

select * from {{ ref('aud_runs') }}
where undecided_ties > 0

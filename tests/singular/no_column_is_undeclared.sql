{{ config(severity='warn', enabled=target.type in ['duckdb', 'athena']) }}

select * from {{ ref('aud_columns') }}

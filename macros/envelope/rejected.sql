{#- The rows of `models/rejected`: one row per change that could not be placed, with its raw text and the reason. -#}
{% macro rejected(relation) -%}
{%- do dms_lake._room('rejected') -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'rejected') -%}
{%- set files = dms_lake._unread_files(table) -%}
{%- do dms_lake._check_view(relation, files) -%}
with

changes as (

    select
        _cdc_reject_reason,
        _cdc_raw_text,
        {%- for column in dms_lake._cdc_columns() if column not in ['_cdc_reject_reason', '_cdc_row_hash', '_cdc_generation'] %}
        {{ column }},
        {%- endfor %}
        {{ dms_lake._generation_of(files, table) | indent(8) }} as _cdc_generation,
        cast('{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as timestamp(6)) as _cdc_processed_at
    from {{ relation }}
    where _cdc_reject_reason is not null
        and {{ dms_lake._files_filter(files) | indent(8) }}

)

select * from changes
{%- endif -%}
{%- endmacro %}

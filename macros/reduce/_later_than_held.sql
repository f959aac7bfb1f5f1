{#- CTEs that keep, of the shaped rows, those whose key the table lacks or holds at an earlier place in the order;
    with partial images also those of which a late change supplied a column. -#}
{% macro _later_than_held(table) -%}
{%- if table.fills -%}
later as (

    select shaped.*
    from shaped
    left join standing
        on {{ dms_lake._same_key('standing', 'shaped', table) }}
    where standing._cdc_operation is null
        or {{ dms_lake.is_later('shaped', 'standing') | indent(8) }}
        or coalesce(shaped._cdc_filled_from, '') != coalesce(standing._cdc_filled_from, '')

)
{%- else -%}
held as (

    select
        {%- for column in dms_lake._key(table) %}
        {{ column }},
        {%- endfor %}
        _cdc_operation,
        _cdc_committed_at,
        _cdc_change_seq,
        _cdc_transaction_record_number,
        _cdc_generation,
        _cdc_file_path,
        _cdc_file_row_number
    from {{ this }} as stored
    where exists (select 1 from shaped where {{ dms_lake._same_key('shaped', 'stored', table) }})

),

later as (

    select shaped.*
    from shaped
    left join held
        on {{ dms_lake._same_key('held', 'shaped', table) }}
    where held._cdc_operation is null
        or {{ dms_lake.is_later('shaped', 'held') | indent(8) }}

)
{%- endif -%}
{%- endmacro %}

{#- Noted rows with the uniform change columns, and the reason where a row cannot be placed. -#}
{% macro _placed(table) -%}
select
    {%- for column in table.kept %}
    {{ dms_lake._quoted(column.name) }},
    {%- endfor %}
    {%- for name in table.old_key %}
    {{ dms_lake._previous(name) }},
    {%- endfor %}
    case
        when _raw_is_load then 'load'
        when _raw_operation = 'I' then 'insert'
        when _raw_operation = 'U' then 'update'
        when _raw_operation = 'D' then 'delete'
    end as _cdc_operation,
    case when not _raw_is_load then _raw_at end as _cdc_committed_at,
    {{ dms_lake._emitted(table) }} as _cdc_emitted_at,
    case when not _raw_is_load{% if table.masks %} and {{ dms_lake._is_change_seq('_raw_change_seq') }}{% endif %} then _raw_change_seq end as _cdc_change_seq,
    {%- if table.operations == 'record' %}
    case when not _raw_is_load then _raw_transaction_id end as _cdc_transaction_id,
    case when not _raw_is_load then {{ dms_lake.text_to('bigint', '_raw_transaction_record_number') }} end as _cdc_transaction_record_number,
    coalesce(_raw_schema, {{ dms_lake._literal(table.source_schema) }}) as _cdc_source_schema,
    coalesce(_raw_table, {{ dms_lake._literal(table.source_table) }}) as _cdc_source_table,
    {%- else %}
    cast(null as varchar) as _cdc_transaction_id,
    cast(null as bigint) as _cdc_transaction_record_number,
    {{ dms_lake._literal(table.source_schema) }} as _cdc_source_schema,
    {{ dms_lake._literal(table.source_table) }} as _cdc_source_table,
    {%- endif %}
    {{ dms_lake._literal(table.envelope) }} as _cdc_envelope,
    {{ dms_lake._generation_now(table) | indent(4) }} as _cdc_generation,
    _raw_file_path as _cdc_file_path,
    _raw_file_row_number as _cdc_file_row_number,
    {{ dms_lake.row_hash(dms_lake._kept_texts(table)) }} as _cdc_row_hash,
    {%- if table.unsupplied_token and not table.fills %}
    {%- set missing = {} %}
    {%- for column in table.kept %}
    {%- do missing.update({column.name: dms_lake._leaves_out('_raw_unsupplied', column.name)}) %}
    {%- endfor %}
    {{ dms_lake._with_missing('_cdc_issues', table, missing) | indent(4) }} as _cdc_issues,
    {%- else %}
    _cdc_issues,
    {%- endif %}
    {{ dms_lake._reject_reason(table) | indent(4) }} as _cdc_reject_reason,
    {%- if table.fills %}
    case
        when _raw_operation = 'U' and {{ dms_lake._goes_on(table) }} then _raw_unsupplied
        when _raw_operation in ('I', 'U') then '{"nothing_before": ' || _raw_unsupplied || '}'
    end as _cdc_unsupplied,
    {%- endif %}
    {{ dms_lake._raw_text(table) | indent(4) }} as _cdc_raw_text
from noted
{%- endmacro %}

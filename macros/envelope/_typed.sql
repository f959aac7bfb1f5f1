{#- Raw rows with every column in its declared type, null where its text does not fit. `raw` is a reserved word on Redshift, hence the quotes. -#}
{% macro _typed(table) -%}
{%- set is_record = table.operations == 'record' -%}
select
    {%- for column in table.kept %}
    {%- set name = dms_lake._quoted(column.name) %}
    {{ dms_lake._masked(table, column, dms_lake._given_text(table, column.name)) }} as {{ name }},
    {%- endfor %}
    {%- for column in table.columns if column.name in table.old_key %}
    {%- set name = dms_lake._previous(column.name) %}
    {{ dms_lake._masked(table, column, dms_lake._given_text(table, '_cdc_previous_' ~ column.name)) }} as {{ name }},
    {%- endfor %}
    {{ "'I'" if table.operations == 'none' else 'upper(nullif("raw"._raw_operation, \'\'))' }} as _raw_operation,
    {{ dms_lake._is_load(table) }} as _raw_is_load,
    "raw"._raw_timestamp,
    {%- set time = dms_lake.text_to('timestamp', '"raw"._raw_timestamp') %}
    {{ time if dms_lake.by_distinct_value() else 'case when not (' ~ dms_lake._is_load(table) ~ ') then ' ~ time ~ ' end' }} as _raw_at,
    nullif("raw"._raw_change_seq, '') as _raw_change_seq,
    {%- if is_record %}
    {{ dms_lake.text_to('timestamp', '"raw"._raw_emitted') }} as _raw_emitted_at,
    {%- endif %}
    {%- for field in ['_raw_transaction_id', '_raw_transaction_record_number', '_raw_schema', '_raw_table'] if is_record %}
    "raw".{{ field }},
    {%- endfor %}
    "raw"._raw_file_path,
    "raw"._raw_file_row_number,
    "raw"._raw_problem,
    {%- if table.unsupplied_token %}
    {{ dms_lake._unsupplied(table) | indent(4) }} as _raw_unsupplied,
    {%- endif %}
    {{ dms_lake._for_notes(table) | indent(4) }}
    {{ dms_lake._raw_given(table) | indent(4) }}
from "raw"
{%- endmacro %}

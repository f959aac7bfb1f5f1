{#- The texts that a row of a text envelope holds before it is typed: the envelope's own, and every declared column. -#}
{% macro _raw_fields(table) -%}
    {%- set fields = dms_lake._csv_fields(table) | map(attribute='alias') | list -%}
    {%- if table.operations == 'record' -%}
        {%- do fields.extend(['_raw_emitted', '_raw_transaction_id', '_raw_transaction_record_number', '_raw_schema', '_raw_table']) -%}
    {%- endif -%}
    {{- return(fields + ['_raw_problem', '_raw_fields' if table.file_format == 'csv' else '_raw_record']) -}}
{%- endmacro %}

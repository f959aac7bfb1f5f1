{#- The uniform change columns in their order; with `latest`, those that the latest room adds or leaves out. -#}
{% macro _cdc_columns(room='changes') -%}
    {%- set columns = [
        '_cdc_operation', '_cdc_committed_at', '_cdc_emitted_at', '_cdc_change_seq', '_cdc_transaction_id',
        '_cdc_transaction_record_number', '_cdc_source_schema', '_cdc_source_table', '_cdc_envelope', '_cdc_generation',
        '_cdc_file_path', '_cdc_file_row_number', '_cdc_row_hash', '_cdc_issues', '_cdc_reject_reason'
    ] -%}
    {%- if room == 'latest' -%}
        {{- return(columns[:12] + ['_cdc_issues', '_cdc_is_deleted', '_cdc_processed_at']) -}}
    {%- endif -%}
    {{- return(columns) -}}
{%- endmacro %}

{#- The columns of a rejected table, in their order. -#}
{% macro _rejected_columns() -%}
    {%- set columns = ['_cdc_reject_reason', '_cdc_raw_text'] -%}
    {%- for column in dms_lake._cdc_columns() if column not in ['_cdc_reject_reason', '_cdc_row_hash', '_cdc_generation'] -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {{- return(columns + ['_cdc_generation', '_cdc_processed_at']) -}}
{%- endmacro %}

{#- The columns of a history view, in their order. -#}
{% macro _version_columns(table) -%}
    {{- return((dms_lake._change_columns(table) | reject('equalto', '_cdc_own_issues') | list) + [
        '_cdc_is_deleted', '_cdc_valid_from', '_cdc_valid_to', '_cdc_is_current', '_cdc_version_number', '_cdc_processed_at'
    ]) -}}
{%- endmacro %}

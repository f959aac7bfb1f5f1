{#- The columns of history's log: those of the view, and whether a row is the last change of its key. -#}
{% macro _log_columns(table) -%}
    {{- return(dms_lake._version_columns(table) + (['_cdc_own_issues'] if table.fills else []) + ['_cdc_is_last']) -}}
{%- endmacro %}

{#- The columns of history's log that come from the change itself: business columns and change columns. -#}
{% macro _change_columns(table) -%}
    {{- return(dms_lake._quoted_all(table.kept | map(attribute='name') | list) + dms_lake._cdc_columns('latest')[:13] + dms_lake._log_fill_columns(table)) -}}
{%- endmacro %}

{#- What the log of a table with partial images keeps of a change: the columns it left to the one before, and its own issues. -#}
{% macro _log_fill_columns(table) -%}
    {{- return(['_cdc_unsupplied', '_cdc_own_issues'] if table.fills else []) -}}
{%- endmacro %}

{#- The columns that a row of latest carries before it is shaped: business columns, change columns, and the identity of a change
    where the table has no key. -#}
{% macro _latest_columns(table) -%}
    {%- set columns = dms_lake._quoted_all(table.kept | map(attribute='name') | list) + dms_lake._cdc_columns('latest')[:13] -%}
    {{- return(columns + ([] if table.key else ['_cdc_row_id']) + dms_lake._fill_columns(table) + ['_cdc_is_absent']) -}}
{%- endmacro %}

{#- What latest stores beside a row that partial images may have made: the places of the changes that other columns than the
    last change's were filled from, and the issues of the last change alone. -#}
{% macro _fill_columns(table) -%}
    {{- return(['_cdc_filled_from', '_cdc_own_issues'] if table.fills else []) -}}
{%- endmacro %}

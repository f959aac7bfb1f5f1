{#- The columns of a latest table, in their order. -#}
{% macro _stored_columns(table) -%}
    {{- return(
        dms_lake._quoted_all(table.kept | map(attribute='name') | list)
        + ([] if table.key else ['_cdc_row_id'])
        + dms_lake._fill_columns(table)
        + dms_lake._cdc_columns('latest')
    ) -}}
{%- endmacro %}

{#- The columns of a served table, quoted: of a room's by the registry, of any other by the model's own YAML. -#}
{% macro _served_columns(node, table) -%}
    {%- if node.config.materialized == 'latest' -%}
        {{- return(dms_lake._stored_columns(table)) -}}
    {%- elif node.config.materialized == 'rejected' -%}
        {{- return(dms_lake._rejected_columns()) -}}
    {%- elif not node.columns -%}
        {%- do dms_lake._fail("served", "`" ~ node.name ~ "` declares no columns. List them with `name` and `data_type` in the model's YAML.") -%}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in node.columns.values() -%}
        {%- do columns.append({'name': column.name, 'type': (column.data_type or '') | lower | replace(' ', '')}) -%}
    {%- endfor -%}
    {%- do dms_lake._check_served(node.name, columns) -%}
    {{- return(dms_lake._quoted_all(columns | map(attribute='name') | list)) -}}
{%- endmacro %}

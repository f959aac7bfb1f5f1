{#- The fields that a CSV envelope yields, as {alias, header}: our column, and the name that stands in a header line. -#}
{% macro _csv_fields(table) -%}
    {%- set fields = [{'alias': '_raw_operation', 'header': 'Op' if table.operations == 'letter' else none}] -%}
    {%- do fields.append({'alias': '_raw_timestamp', 'header': table.timestamp_column}) -%}
    {%- do fields.append({'alias': '_raw_change_seq', 'header': table.change_seq_column}) -%}
    {%- for column in table.columns -%}
        {%- do fields.append({'alias': column.name, 'header': column.name}) -%}
    {%- endfor -%}
    {%- for name in table.old_key -%}
        {%- do fields.append({'alias': '_cdc_previous_' ~ name, 'header': table.before_image_prefix ~ name if table.before_image_prefix else none}) -%}
    {%- endfor -%}
    {{- return(fields) -}}
{%- endmacro %}

{#- The raw text of a rejected row of a table with masks: what DMS added, and the columns without a mask, as far as the record has
    the shape that the registry says. A record that does not may hold a masked value anywhere; its file and row lead to it. -#}
{% macro _visible_raw_text(table) -%}
{%- set fields = {'Op': '"raw"._raw_operation', table.timestamp_column or 'timestamp': '"raw"._raw_timestamp'} -%}
{%- do fields.update({table.change_seq_column or 'change_seq': '"raw"._raw_change_seq'}) -%}
{%- for column in table.columns if column.mask is none -%}
    {%- do fields.update({column.name: dms_lake._raw_value_text(table, column)}) -%}
{%- endfor -%}
case
    when {{ dms_lake._has_its_shape(table) | indent(4) }}
        then '{' || concat_ws(
            ', '
            {%- for name, expression in fields.items() %},
            {{ dms_lake._literal((name | tojson) ~ ': ') }} || {{ dms_lake.json_quoted(expression) }}
            {%- endfor %}
        ) || '}'
    else '{"masked": "a record of another shape than the registry says: see its file and row"}'
end
{%- endmacro %}

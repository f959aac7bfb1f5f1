{#- A raw row as a JSON object of texts: what a rejected row keeps, so that nothing of it is lost. -#}
{% macro _raw_text(table) -%}
{%- if table.masks -%}
{{ dms_lake._visible_raw_text(table) }}
{%- elif table.file_format == 'json' or table.is_text and table.file_format == 'parquet' -%}
"raw"._raw_record
{%- else -%}
{%- set fields = [('Op', '"raw"._raw_operation'), (table.timestamp_column or 'timestamp', '"raw"._raw_timestamp'), (table.change_seq_column or 'change_seq', '"raw"._raw_change_seq')] -%}
{%- for column in table.columns -%}
    {%- do fields.append((column.name, dms_lake._raw_value_text(table, column))) -%}
{%- endfor -%}
{%- if table.file_format == 'csv' -%}
    {%- do fields.append(('fields', 'cast("raw"._raw_fields as varchar)')) -%}
{%- endif -%}
'{' || concat_ws(
    ', '
    {%- for name, expression in fields %},
    {{ dms_lake._literal((name | tojson) ~ ': ') }} || {{ dms_lake.json_quoted(expression) }}
    {%- endfor %}
) || '}'
{%- endif -%}
{%- endmacro %}

{#- A raw row as a JSON object of texts: what a rejected row keeps, so that nothing of it is lost. It stands beside the reason and
    not below it, where an engine would make the text of every row before it looks for the rejected ones.
    In a table with masks it shows the columns without a mask, as far as the record has the shape that the registry says: a record
    that does not may hold a masked value anywhere; its file and row lead to it. -#}
{% macro _raw_text(table) -%}
{%- if table.masks -%}
case
    when _raw_has_its_shape
        then {{ dms_lake._raw_object(table) | indent(8) }}
    else '{"masked": "a record of another shape than the registry says: see its file and row"}'
end
{%- elif dms_lake._keeps_record(table) -%}
_raw_record
{%- else -%}
{{ dms_lake._raw_object(table) }}
{%- endif -%}
{%- endmacro %}

{#- The columns that `_raw_text` is made of, as raw rows have them. -#}
{% macro _raw_given(table) -%}
{%- if table.masks -%}
{{ dms_lake._has_its_shape(table) }} as _raw_has_its_shape,
{% endif -%}
{%- if dms_lake._keeps_record(table) -%}
"raw"._raw_record
{%- else -%}
{%- for _, _, expression in dms_lake._given(table) -%}
{{ expression }} as _raw_given_{{ loop.index }}{{ ',\n' if not loop.last }}
{%- endfor -%}
{%- endif -%}
{%- endmacro %}

{#- Whether a rejected row of the table shows its record as it came. -#}
{% macro _keeps_record(table) -%}
    {{- return(not table.masks and (table.file_format == 'json' or (table.is_text and table.file_format == 'parquet'))) -}}
{%- endmacro %}

{#- What a raw row gave and may be shown, as (name, type, expression). It is made a text only where it is shown. -#}
{% macro _given(table) -%}
    {%- set given = [
        ('Op', 'varchar', '"raw"._raw_operation'),
        (table.timestamp_column or 'timestamp', 'varchar', '"raw"._raw_timestamp'),
        (table.change_seq_column or 'change_seq', 'varchar', '"raw"._raw_change_seq'),
    ] -%}
    {%- for column in table.columns if column.mask is none -%}
        {%- do given.append((column.name, 'varchar' if table.is_text else column.type, '"raw".' ~ dms_lake._quoted(column.name))) -%}
    {%- endfor -%}
    {%- if table.file_format == 'csv' and not table.masks -%}
        {%- do given.append(('fields', 'fields', '"raw"._raw_fields')) -%}
    {%- endif -%}
    {{- return(given) -}}
{%- endmacro %}

{#- The given columns as a JSON object. -#}
{% macro _raw_object(table) -%}
'{' || concat_ws(
    ', '
    {%- for name, type, _ in dms_lake._given(table) %}
    {%- set value = '_raw_given_' ~ loop.index %},
    {{ dms_lake._literal((name | tojson) ~ ': ') }} || {{ dms_lake.json_quoted(value if type == 'varchar' else dms_lake.value_text(type, value)) }}
    {%- endfor %}
) || '}'
{%- endmacro %}

{#- The change columns of a row, or of the tombstone that says: a full load or snapshot of that generation lacks the key. -#}
{% macro _or_absent(table, is_absent, generation) -%}
{%- for name in dms_lake._change_columns(table) %}
{%- if name == '_cdc_operation' %}
case when {{ is_absent }} then 'load' else _cdc_operation end as _cdc_operation,
{% elif name == '_cdc_generation' %}
case when {{ is_absent }} then {{ generation }} else _cdc_generation end as _cdc_generation,
{% elif name in dms_lake._key(table) + ['_cdc_source_schema', '_cdc_source_table', '_cdc_envelope'] -%}
{{ name }},
{% else -%}
case when not {{ is_absent }} then {{ name }} end as {{ name }},
{% endif %}
{%- endfor -%}
_cdc_is_deleted or {{ is_absent }} as _cdc_is_deleted
{%- endmacro %}

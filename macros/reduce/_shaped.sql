{#- Settled rows as latest stores them: a tombstone keeps its key and the change columns, nothing else. -#}
{% macro _shaped(table) -%}
select
    {%- for column in table.kept %}
    {%- set name = dms_lake._quoted(column.name) %}
    {%- if column.name in table.key %}
    settled.{{ name }},
    {%- else %}
    case when not (settled._cdc_operation = 'delete' or settled._cdc_is_absent) then settled.{{ name }} end as {{ name }},
    {%- endif %}
    {%- endfor %}
    {%- if not table.key %}
    settled._cdc_row_id,
    {%- endif %}
    {%- for column in dms_lake._fill_columns(table) %}
    case when not (settled._cdc_operation = 'delete' or settled._cdc_is_absent) then settled.{{ column }} end as {{ column }},
    {%- endfor %}
    {%- for column in dms_lake._cdc_columns('latest')[:13] %}
    settled.{{ column }},
    {%- endfor %}
    settled._cdc_operation = 'delete' or settled._cdc_is_absent as _cdc_is_deleted,
    cast('{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as timestamp(6)) as _cdc_processed_at,
    settled._cdc_undecided
from settled
{%- endmacro %}

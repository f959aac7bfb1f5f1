{#- The load rows of one generation as latest stores them, unsorted: no key stands twice (`_no_key_twice`), and a load
    row is below every change of its key. -#}
{% macro _load_rows(relation, table, loads) -%}
select
    {%- for column in table.kept %}
    changes.{{ dms_lake._quoted(column.name) }},
    {%- endfor %}
    {%- if not table.key %}
    changes._cdc_file_path || '#' || cast(changes._cdc_file_row_number as varchar) as _cdc_row_id,
    {%- endif %}
    {%- for name in dms_lake._cdc_columns('latest')[:13] %}
    {%- if name == '_cdc_operation' %}
    'load' as _cdc_operation,
    {%- elif name == '_cdc_generation' %}
    {{ loads[0].generation }} as _cdc_generation,
    {%- else %}
    changes.{{ name }},
    {%- endif %}
    {%- endfor %}
    false as _cdc_is_deleted,
    {{ dms_lake._run_time() }} as _cdc_processed_at,
    false as _cdc_undecided
from {{ relation }} as changes
where {{ dms_lake._files_filter(loads) | indent(4) }}
    and changes._cdc_reject_reason is null
    {%- if table.key %}
    and not exists (select 1 from reduced where {{ dms_lake._same_key('reduced', 'changes', table) }})
    {%- endif %}
{%- endmacro %}

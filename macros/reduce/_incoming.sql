{#- The changes of the given files that can be placed, one row per key that they touch: a change of the key itself counts
    as a delete of the old key and an update of the new one, at the same place in the order. -#}
{% macro _incoming(relation, table, files) -%}
{%- set columns = table.kept | map(attribute='name') | list -%}
{%- set moves = table.old_key -%}
select
    {%- for name in columns %}
    {%- if moves and name in table.key %}
    case when side.is_old and changes.{{ dms_lake._previous(name) }} is not null then changes.{{ dms_lake._previous(name) }} else changes.{{ dms_lake._quoted(name) }} end as {{ dms_lake._quoted(name) }},
    {%- else %}
    changes.{{ dms_lake._quoted(name) }},
    {%- endif %}
    {%- endfor %}
    {%- for name in dms_lake._cdc_columns('latest')[:13] %}
    {%- if name == '_cdc_operation' and moves %}
    case when side.is_old then 'delete' else changes._cdc_operation end as _cdc_operation,
    {%- elif name == '_cdc_generation' %}
    {{ dms_lake._generation_of(files, table) | indent(4) }} as _cdc_generation,
    {%- else %}
    changes.{{ name }},
    {%- endif %}
    {%- endfor %}
    {%- if table.fills %}
    changes._cdc_unsupplied,
    changes._cdc_issues as _cdc_own_issues,
    cast(null as varchar) as _cdc_filled_from,
    {%- endif %}
    {%- if not table.key %}
    coalesce(changes._cdc_change_seq, changes._cdc_file_path || '#' || cast(changes._cdc_file_row_number as varchar)) as _cdc_row_id,
    {%- endif %}
    false as _cdc_is_absent
from {{ relation }} as changes
{%- if moves %}
cross join (select false as is_old union all select true as is_old) as side
{%- endif %}
where {{ dms_lake._files_filter(files) | indent(4) }}
    and changes._cdc_reject_reason is null
    {%- if table.deletes == 'ignore' %}
    and changes._cdc_operation != 'delete'
    {%- endif %}
    {%- if moves %}
    and (
        not side.is_old
        or (changes._cdc_operation = 'update' and {{ dms_lake._key_moved(table) }})
    )
    {%- endif %}
{%- endmacro %}

{#- Why a row cannot be placed in the order or under a key, in words; null for every row that can. First reason wins.
    In a table with masks it quotes nothing: a masked value may stand in the wrong field. -#}
{% macro _reject_reason(table) -%}
case
    when _raw_problem is not null then _raw_problem
    when _raw_is_load and coalesce(_raw_operation, 'I') not in ('I', 'LOAD') then 'unknown operation in a load file'{{ " || ': ' || _raw_operation" if not table.masks }}
    when not _raw_is_load and _raw_operation is null then 'no operation{{ ' (Op) in a change file' if table.operations == 'letter' }}'
    when not _raw_is_load and _raw_operation not in ('I', 'U', 'D') then 'unknown operation'{{ " || ': ' || _raw_operation" if not table.masks }}
    {%- for name in table.key %}
    when {{ dms_lake._quoted(name) }} is null then {{ dms_lake._literal('null key: ' ~ name) }}
    {%- endfor %}
    {#- Taken for a key that did not move, it would let the old key live on. #}
    {%- for name in dms_lake._checked_old_key(table) %}
    when _raw_operation = 'U' and _raw_before_{{ loop.index }} != '' and {{ dms_lake._previous(name) }} is null
        then {{ dms_lake._literal('unparsable before-image of ' ~ name) }}{{ " || ': ' || _raw_before_" ~ loop.index if not table.masks }}
    {%- endfor %}
    {%- if not table.key %}
    when _raw_operation in ('U', 'D') then 'update or delete of a table without a key'
    {%- endif %}
    when not _raw_is_load and _raw_timestamp is not null and _raw_at is null then 'unparsable commit time'{{ " || ': ' || _raw_timestamp" if not table.masks }}
    when not _raw_is_load and (length(_raw_change_seq) != 35 or translate(_raw_change_seq, '0123456789', '') != '')
        then 'change sequence is not 35 digits'{{ " || ': ' || _raw_change_seq" if not table.masks }}
end
{%- endmacro %}

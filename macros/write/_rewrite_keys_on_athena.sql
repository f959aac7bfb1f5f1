{#- One merge straight from the compiled query of history: the stored rows that a run computed anew go, and what they are now comes,
    in one commit. A key's last row stands for its stored ones, all or the tail; rows are not told apart, so they need no identity. -#}
{% macro _rewrite_keys_on_athena(table) -%}
    {%- do dms_lake._drop_leftovers(dms_lake._stored()) -%}
    {%- set columns = dms_lake._written_columns(table, true) -%}
    {%- set key = dms_lake._key(table) -%}
    {%- call statement('main') -%}
merge into {{ dms_lake._stored() }} as stored
using (
    select
        batch.*,
        {%- for column in key %}
        case when side.is_old then batch.{{ column }} end as _old_{{ loop.index }},
        {%- endfor %}
        side.is_old as _is_old
    from (
{{ dms_lake._decided(table, ['_cdc_is_whole'] + columns) }}
    ) as batch
    cross join (values false, true) as side (is_old)
    where not side.is_old or batch._cdc_is_last
) as batch
on {% for column in key %}stored.{{ column }} = batch._old_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
    and (batch._cdc_is_whole or stored._cdc_is_current or stored._cdc_is_last)
when matched then delete
when not matched and not batch._is_old then insert
    ({{ columns | join(', ') }})
values
    (batch.{{ columns | join(', batch.') }})
    {%- endcall -%}
{%- endmacro %}

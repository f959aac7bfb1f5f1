{#- A CTE that keeps, of the shaped rows, those whose key the table lacks or holds at an earlier place in the order;
    with partial images also those of which a late change supplied a column. -#}
{% macro _later_than_held(table) -%}
later as (

    select shaped.*
    from shaped
    left join {{ 'standing' if table.fills else this ~ ' as standing' }}
        on {{ dms_lake._same_key('standing', 'shaped', table) }}
    where standing._cdc_operation is null
        or {{ dms_lake._gives_way('standing', 'shaped', table) | indent(8) }}
        {%- if table.fills %}
        or coalesce(shaped._cdc_filled_from, '') != coalesce(standing._cdc_filled_from, '')
        {%- endif %}

)
{%- endmacro %}

{#- CTEs that reduce a relation to one row per key, the last in the total order; `_cdc_undecided` where only the file
    path told the last from another. -#}
{% macro _last_of_key(relation, result, table, more=[]) -%}
{{ result }}_ranked as (

    select
        {{ relation }}.*,
        row_number() over last_first as _cdc_place,
        {{ dms_lake.has_peers(relation, dms_lake._key(table), 'last_first') | indent(8) }} as _cdc_undecided
    from {{ relation }}
    window last_first as (
        partition by {{ dms_lake._key(table) | join(', ') }}
        order by {{ dms_lake.order_by(relation) | indent(12) }}
    )

),

{{ result }} as (

    select
        {%- for column in dms_lake._latest_columns(table) + more %}
        {{ column }},
        {%- endfor %}
        _cdc_undecided
    from {{ result }}_ranked
    where _cdc_place = 1

)
{%- endmacro %}

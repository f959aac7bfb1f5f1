{#- CTEs that reduce a relation to one row per key, the last in the total order; `_cdc_undecided` where only the file
    path told the last from another. -#}
{% macro _last_of_key(relation, result, table, more=[]) -%}
{%- set key = dms_lake._key(table) | join(', ') -%}
{{ result }}_ranked as (

    select
        {{ relation }}.*,
        row_number() over (
            partition by {{ key }}
            order by {{ dms_lake.order_by(relation) | indent(16) }}
        ) as _cdc_place,
        count(*) over (
            partition by {{ key }}
            order by {{ dms_lake.order_by(relation, decided_only=true) | indent(16) }}
        ) as _cdc_peers
    from {{ relation }}

),

{{ result }} as (

    select
        {%- for column in dms_lake._latest_columns(table) + more %}
        {{ column }},
        {%- endfor %}
        _cdc_peers > 1 as _cdc_undecided
    from {{ result }}_ranked
    where _cdc_place = 1

)
{%- endmacro %}

{#- CTEs that close what a newer full load lacks: every living row of an older generation becomes a tombstone of the one after its own,
    in the same write as the load's own rows. -#}
{% macro _closed_generations(relation, table, newest, is_kept, loads) -%}
{% if is_kept -%}
outlived as (

    select
        {%- for column in dms_lake._latest_columns(table)[:-1] %}
        held.{{ column }},
        {%- endfor %}
        false as _cdc_is_absent,
        false as _cdc_undecided
    from {{ this }} as held
    where not held._cdc_is_deleted
        and held._cdc_generation < {{ newest }}
        {%- if loads %}
        and not exists (
            select 1 from {{ relation }} as changes
            where {{ dms_lake._same_key('changes', 'held', table) }}
                and {{ dms_lake._files_filter(loads) | indent(16) }}
                and changes._cdc_reject_reason is null
        )
        {%- endif %}

),

-- of a row that is held and one of this run the later: an older deletion does not keep the held one alive
contenders as (

    select reduced.*
    from reduced
    left join outlived on {{ dms_lake._same_key('outlived', 'reduced', table) }}
    where outlived._cdc_operation is null
        or {{ dms_lake.is_later('reduced', 'outlived') | indent(8) }}
    union all
    select outlived.*
    from outlived
    left join reduced on {{ dms_lake._same_key('reduced', 'outlived', table) }}
    where reduced._cdc_operation is null
        or not {{ dms_lake.is_later('reduced', 'outlived') | indent(8) }}

),
{%- else -%}
contenders as (

    select * from reduced

),
{%- endif %}

settled as (

    select
        {%- for column in dms_lake._quoted_all(table.kept | map(attribute='name') | list) %}
        {{ column }},
        {%- endfor %}
        {%- for column in dms_lake._cdc_columns('latest')[:13] %}
        {%- if column == '_cdc_operation' %}
        case when {{ dms_lake._is_outlived(newest) }} then 'load' else _cdc_operation end as _cdc_operation,
        {%- elif column == '_cdc_generation' %}
        case when {{ dms_lake._is_outlived(newest) }} then {{ dms_lake._next_generation(table, newest) | indent(8) }} else _cdc_generation end as _cdc_generation,
        {%- elif column in ['_cdc_source_schema', '_cdc_source_table', '_cdc_envelope'] %}
        {{ column }},
        {%- else %}
        case when not {{ dms_lake._is_outlived(newest) }} then {{ column }} end as {{ column }},
        {%- endif %}
        {%- endfor %}
        {%- for column in ([] if table.key else ['_cdc_row_id']) + dms_lake._fill_columns(table) %}
        {{ column }},
        {%- endfor %}
        {{ dms_lake._is_outlived(newest) }} as _cdc_is_absent,
        _cdc_undecided
    from contenders

)
{%- endmacro %}

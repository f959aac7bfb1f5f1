{#- CTEs for a table with partial images: the last changes of a batch, each put together with the row held, ending in `reduced`. Every column is
    decided for itself, by the place of the change that last supplied it, so a late change finds its place in any run.
    `_cdc_filled_from` keeps those places where they are not the row's own. -#}
{% macro _with_held(table, is_kept) -%}
{%- set fillable = dms_lake._fillable(table) -%}
{%- set is_living = "_cdc_operation != 'delete'" -%}
{%- set missing = dms_lake._missing(table, is_living) -%}
{%- if is_kept -%}
standing as (

    select
        stored.*,
        {{ dms_lake._place_text('stored', 'stored._cdc_is_deleted') | indent(8) }} as _cdc_order
    from {{ this }} as stored
    where exists (select 1 from last_changes where {{ dms_lake._same_key('last_changes', 'stored', table) }})

),

merged as (

    select
        {%- for name in dms_lake._quoted_all(table.key) %}
        last_changes.{{ name }},
        {%- endfor %}
        {%- for column in fillable %}
        {%- set now = dms_lake._quoted('_cdc_now_' ~ column.name) %}
        {%- set at = dms_lake._quoted('_cdc_at_' ~ column.name) %}
        {%- set held_at = "coalesce(case when not standing._cdc_is_deleted then " ~ dms_lake.json_text('standing._cdc_filled_from', column.name) ~ " end, case when not standing._cdc_is_deleted or standing._cdc_operation != 'load' then standing._cdc_order end, '')" %}
        case when coalesce(last_changes.{{ at }}, '') >= {{ held_at }} then last_changes.{{ now }} else standing.{{ dms_lake._quoted(column.name) }} end as {{ now }},
        greatest(coalesce(last_changes.{{ at }}, ''), {{ held_at }}) as {{ at }},
        {%- endfor %}
        {%- for name in dms_lake._cdc_columns('latest')[:12] + ['_cdc_own_issues', '_cdc_order'] %}
        case when {{ dms_lake._is_last() }} then last_changes.{{ name }} else standing.{{ name }} end as {{ name }},
        {%- endfor %}
        {{ dms_lake._is_last() }} and last_changes._cdc_undecided as _cdc_undecided
    from last_changes
    left join standing
        on {{ dms_lake._same_key('last_changes', 'standing', table) }}
    where {{ dms_lake._is_last() }} or not standing._cdc_is_deleted

),
{%- else -%}
merged as (

    select * from last_changes

),
{%- endif %}

reduced as (

    select
        {{ dms_lake._filled_values(table, missing, is_living) | indent(8) }}
        {%- for name in dms_lake._cdc_columns('latest')[:12] %}
        {{ name }},
        {%- endfor %}
        {{ dms_lake._with_missing('_cdc_own_issues', table, missing) | indent(8) }} as _cdc_issues,
        {{ dms_lake._filled_from(table) | indent(8) }} as _cdc_filled_from,
        _cdc_own_issues,
        false as _cdc_is_absent,
        _cdc_undecided
    from merged

)
{%- endmacro %}

{#- Whether the last change of a batch is also later than the row held, if there is one. -#}
{% macro _is_last() -%}
(standing._cdc_operation is null or last_changes._cdc_order > standing._cdc_order)
{%- endmacro %}

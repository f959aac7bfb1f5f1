{#- The keys that one of the days alters, their new rows (`brought`) and what the log has last of them. -#}
{% macro _altered_by_days(table, plan) -%}
{%- set key = dms_lake._key(table) -%}
standing as (

    select * from {{ dms_lake._log(this) }}
    where _cdc_is_last

),

touched as (

    select
        {%- for column in key %}
        incoming.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from incoming
    left join standing
        on {{ dms_lake._same_key('incoming', 'standing', table) }}
    where standing._cdc_operation is null
        or standing._cdc_is_deleted
        {%- for column in dms_lake._quoted_all(table.kept | map(attribute='name') | list) + ['_cdc_issues'] if column not in key %}
        or incoming.{{ column }} is distinct from standing.{{ column }}
        {%- endfor %}
    union all
    select {{ key | join(', ') }} from standing
    where not _cdc_is_deleted
        and not exists (select 1 from incoming where {{ dms_lake._same_key('incoming', 'standing', table) }})
    {%- if plan.days.read | length > 1 %}
    union all
    select {{ key | join(', ') }} from incoming
    group by {{ key | join(', ') }}
    having count(distinct _cdc_generation) < {{ plan.days.read | length }}
    {%- endif %}

),

brought as (

    select * from incoming
    where exists (select 1 from touched where {{ dms_lake._same_key('touched', 'incoming', table) }})

),

remembered as (

    select
        stored.*,
        false as _is_whole
    from {{ dms_lake._log(this) }} as stored
    where exists (select 1 from touched where {{ dms_lake._same_key('touched', 'stored', table) }})
        and (stored._cdc_is_current or stored._cdc_is_last)

),
{%- endmacro %}

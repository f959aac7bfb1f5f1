{#- Everything the log knows, but for what the days say that are read now: where such a day has the key no more, it ends there. The day after one
    that is read has said, by what it repeated, that nothing changed since a day before; that is said by a row now. -#}
{% macro _days_placed_anew(table, plan) -%}
replaced as (

    select
        stored.*,
        coalesce(
            {{ dms_lake._is_read_again('stored', table, plan) | indent(12) }}
            {%- if plan.days.whole %}
            or stored._cdc_generation in ({{ plan.days.whole | join(', ') }})
            {%- endif %},
            false
        ) as _is_gone
    from {{ dms_lake._log(this) }} as stored
    where not exists (
        select 1 from incoming
        where {{ dms_lake._same_key('incoming', 'stored', table) }}
            and incoming._cdc_generation = stored._cdc_generation
    )

),

{% for follower in plan.days.followers -%}
known_on_{{ follower }} as (

    select
        stored.*,
        row_number() over (
            partition by {{ dms_lake._key(table) | join(', ') }}
            order by {{ dms_lake.order_by('stored') | indent(16) }}
        ) as _place
    from {{ dms_lake._log(this) }} as stored
    where stored._cdc_generation <= {{ follower }}

),

{% endfor -%}
remembered as (

    select
        {{ dms_lake._or_absent(table, '_is_gone', '_cdc_generation') | indent(8) }}
    from replaced
    {%- for follower in plan.days.followers %}
    union all
    select
        {%- for column in dms_lake._change_columns(table) %}
        {{ follower ~ ' as _cdc_generation' if column == '_cdc_generation' else column }},
        {%- endfor %}
        false as _cdc_is_deleted
    from known_on_{{ follower }}
    where _place = 1
        and not _cdc_is_deleted
        and _cdc_generation < {{ follower }}
    {%- endfor %}

),
{%- endmacro %}

{#- The CTE `gathered`: known changes, and for every key that was alive when a full load without it (or a truncate) opened the
    next generation, a tombstone at the beginning of that generation. A load row stands below all else of its generation, so
    whether the load has a key is seen on the change that follows; and the known changes are read once. Between the two rows of a tail
    others are stored, and what had to be closed there has been. -#}
{% macro _closings(table, plan, generations) -%}
{%- set key = dms_lake._key(table) | join(', ') -%}
{%- set by_tail = dms_lake._knows_tails(table, plan) -%}
followed as (

    select
        known.*,
        lag(_cdc_generation) over (
            partition by {{ key }}
            order by {{ dms_lake.order_by('known') | indent(16) }}
        ) as _following_generation,
        lag(_cdc_operation) over (
            partition by {{ key }}
            order by {{ dms_lake.order_by('known') | indent(16) }}
        ) as _following_operation,
        {%- if by_tail %}
        lag(_is_new) over (
            partition by {{ key }}
            order by {{ dms_lake.order_by('known') | indent(16) }}
        ) as _following_is_new,
        {%- endif %}
        case
            {%- for generation in generations %}
            when _cdc_generation < {{ generation.generation }} then {{ generation.generation }}
            {%- endfor %}
        end as _next_generation
    from known

),

ended as (

    select
        followed.*,
        not _cdc_is_deleted
        and _next_generation is not null
        and (
            _following_generation is null
            or _following_generation > _next_generation
            or (_following_generation = _next_generation and _following_operation != 'load')
        )
        {%- if by_tail %}
        and (_is_whole or coalesce(_following_is_new, true))
        {%- endif %} as _is_closed
    from followed

),

gathered as (

    select
        {{ dms_lake._or_absent(table, 'side.is_closing', '_next_generation') | indent(8) }},
        {%- if by_tail %}
        _is_whole,
        _stored_from,
        _stored_number,
        {%- endif %}
        _is_new or side.is_closing as _is_new
    from ended
    cross join (select false as is_closing union all select true as is_closing) as side
    where not side.is_closing or _is_closed

)
{%- endmacro %}

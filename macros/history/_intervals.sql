{#- The CTE `intervals`: for every change whether it starts a version, and for which time that held. A change that left the state
    as it was starts none; nor does one that another overtook before any known moment. -#}
{% macro _intervals(table, plan) -%}
{%- set key = dms_lake._key(table) | join(', ') -%}
{%- set unknown = "timestamp '0001-01-01 00:00:00.000000'" -%}
{%- set in_order = 'partition by ' ~ key ~ ' order by _position nulls first' -%}
{%- set begins_at = 'coalesce(_begins_at, ' ~ unknown ~ ')' -%}
{%- set by_tail = dms_lake._knows_tails(table, plan) -%}
marked as (

    select
        ordered.*,
        _previous_state is null or _state != _previous_state as _is_start
    from ordered

),

bounded as (

    select
        marked.*,
        sum(
            case
                {%- if by_tail %}
                when not _is_new and not _is_whole then coalesce(_stored_number, 0)
                {%- endif %}
                when _is_start and (_begins_at is not null or _position = 1) then 1
                else 0
            end
        ) over ({{ in_order }} rows between unbounded preceding and current row) as _number,
        {{ dms_lake.next_given(begins_at, '_is_start', in_order) }} as _next_begins_at
    from marked

),

versions as (

    select
        bounded.*,
        _is_start and coalesce(_next_begins_at != {{ unknown }}, true) as _is_version
    from bounded

),

intervals as (

    select
        {%- for column in table.kept %}
        {%- set name = dms_lake._quoted(column.name) %}
        {{ name if column.name in table.key else 'case when not _cdc_is_deleted then ' ~ name ~ ' end as ' ~ name }},
        {%- endfor %}
        {%- for column in dms_lake._cdc_columns('latest')[:13] + dms_lake._log_fill_columns(table) %}
        {{ column }},
        {%- endfor %}
        _cdc_is_deleted,
        _begins_at as _cdc_valid_from,
        case when _is_version then _next_begins_at end as _cdc_valid_to,
        _is_version and _next_begins_at is null as _cdc_is_current,
        cast(case when _is_version then _number end as bigint) as _cdc_version_number,
        cast('{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as timestamp(6)) as _cdc_processed_at,
        _cdc_is_last,
        {{ '_is_whole' if by_tail else 'true' }} as _is_whole,
        _is_start,
        _is_tied
    from versions

)
{%- endmacro %}

{#- The CTE `ordered`: every change at its place among those of its key, with the state it left, the moment from which on it
    held (never before the change below it), and whether only the file's path told it from the one before. -#}
{% macro _placed_in_time(table, plan, generations) -%}
{%- set key = dms_lake._key(table) | join(', ') -%}
{%- set parts = dms_lake.order_parts('changes') -%}
{%- set decided = range(parts | length - 1) -%}
{%- set in_order = [] -%}
{%- for part in parts -%}
    {%- do in_order.append('_order_' ~ loop.index0 ~ ' nulls first') -%}
{%- endfor -%}
{%- set in_order = 'partition by ' ~ key ~ ' order by ' ~ (in_order | join(', ')) -%}
{%- set moment = dms_lake._moment(table, generations) -%}
placed as (

    select
        changes.*,
        {%- for part in parts %}
        {{ part }} as _order_{{ loop.index0 }},
        {%- endfor %}
        {% if dms_lake._knows_tails(table, plan) -%}
        case when _is_new or _is_whole then {{ moment | indent(8) }} else _stored_from end as _moment,
        {%- else -%}
        {{ moment | indent(8) }} as _moment,
        {%- endif %}
        case when _cdc_is_deleted then '' else {{ dms_lake.row_hash(dms_lake._kept_texts(table)) }} end as _state
    from changes

),

ordered as (

    select
        placed.*,
        row_number() over ({{ in_order }}) as _position,
        max(_moment) over ({{ in_order }} rows between unbounded preceding and current row) as _begins_at,
        lag(_state) over ({{ in_order }}) as _previous_state,
        lead(_state) over ({{ in_order }}) is null as _cdc_is_last,
        {% for number in decided -%}
        lag(_order_{{ number }}) over ({{ in_order }}) = _order_{{ number }}
        and {% endfor -%}
        (_is_new or lag(_is_new) over ({{ in_order }})) as _is_tied
    from placed

)
{%- endmacro %}

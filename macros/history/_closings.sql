{#- The CTE `gathered`: known changes, and for every key that was alive when a full load without it (or a truncate) opened the
    next generation, a tombstone at the beginning of that generation. -#}
{% macro _closings(table, generations) -%}
{%- set key = dms_lake._key(table) | join(', ') -%}
last_of_generation as (

    select
        known.*,
        row_number() over (
            partition by {{ key }}, _cdc_generation
            order by {{ dms_lake.order_by('known') | indent(16) }}
        ) as _row_number,
        case
            {%- for generation in generations %}
            when _cdc_generation < {{ generation.generation }} then {{ generation.generation }}
            {%- endfor %}
        end as _next_generation
    from known
    where _cdc_generation < {{ generations[-1].generation }}

),

closings as (

    select
        {%- for column in table.kept %}
        {%- set name = dms_lake._quoted(column.name) %}
        {{ 'living.' ~ name if column.name in table.key else 'cast(null as ' ~ dms_lake.data_type(column.type) ~ ') as ' ~ name }},
        {%- endfor %}
        {%- for column in dms_lake._cdc_columns('latest')[:13] %}
        {%- if column == '_cdc_operation' %}
        'load' as _cdc_operation,
        {%- elif column == '_cdc_generation' %}
        living._next_generation as _cdc_generation,
        {%- elif column in ['_cdc_source_schema', '_cdc_source_table', '_cdc_envelope'] %}
        living.{{ column }},
        {%- else %}
        nullif(living.{{ column }}, living.{{ column }}) as {{ column }},
        {%- endif %}
        {%- endfor %}
        {%- for column in dms_lake._log_fill_columns(table) %}
        cast(null as varchar) as {{ column }},
        {%- endfor %}
        true as _cdc_is_deleted,
        true as _is_new
    from last_of_generation as living
    where living._row_number = 1
        and not living._cdc_is_deleted
        and not exists (
            select 1 from known
            where {{ dms_lake._same_key('known', 'living', table) }}
                and known._cdc_generation = living._next_generation
                and known._cdc_operation = 'load'
        )

),

gathered as (

    select * from known
    union all
    select * from closings

)
{%- endmacro %}

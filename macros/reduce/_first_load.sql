{#- CTEs that add the load rows of one generation without sorting them: a load row is below every change of its key, and
    only keys that a broken load holds twice are ranked. Reads the key alone first, so it is for columnar files. -#}
{% macro _first_load(relation, table, loads) -%}
load_keys as (

    {{ dms_lake._incoming(relation, table, loads) | indent(4) }}

),

repeated_keys as (

    select {{ dms_lake._key(table) | join(', ') }}
    from load_keys
    group by {{ dms_lake._key(table) | join(', ') }}
    having count(*) > 1

),

load_rows as (

    {{ dms_lake._incoming(relation, table, loads) | indent(4) }}

),

single_loads as (

    select
        {%- for column in dms_lake._latest_columns(table) %}
        load_rows.{{ column }},
        {%- endfor %}
        false as _cdc_undecided
    from load_rows
    where not exists (select 1 from repeated_keys where {{ dms_lake._same_key('repeated_keys', 'load_rows', table) }})

),

repeated_rows as (

    {{ dms_lake._incoming(relation, table, loads) | indent(4) }}

),

repeated_loads as (

    select repeated_rows.* from repeated_rows
    where exists (select 1 from repeated_keys where {{ dms_lake._same_key('repeated_keys', 'repeated_rows', table) }})

),

{{ dms_lake._last_of_key('repeated_loads', 'reduced_loads', table) }},

loads as (

    select * from single_loads
    union all
    select * from reduced_loads

),

winners as (

    select * from reduced
    union all
    select * from loads
    where not exists (select 1 from reduced where {{ dms_lake._same_key('reduced', 'loads', table) }})

)
{%- endmacro %}

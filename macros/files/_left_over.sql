{#- CTEs ending in `judged`: which load files an older load left behind. Every load writes its LOAD00000001 first and later ones by
    number, so a file that a change parts from a newer LOAD00000001 beside it is not of that load. Decision 0003 says more. -#}
{% macro _left_over() -%}
{%- set beside = "regexp_replace(file, 'LOAD[0-9A-F]{8}[.].*$', '')" -%}
counted as (

    select
        *,
        {{ beside }} as counter,
        phase = 'change' and {{ dms_lake._clock_agrees() }} as is_dated_change
    from stamped

),

first_files as (

    select
        counter,
        max(last_modified) as began_at
    from counted
    where phase = 'load' and stamp = 'LOAD00000001'
    group by counter

),

changes_before as (

    select
        first_files.counter,
        max(counted.stamped_at) as changed_at
    from first_files
    inner join counted on counted.is_dated_change and counted.stamped_at < first_files.began_at
    group by first_files.counter

),

judged as (

    select
        counted.* exclude (counter, is_dated_change),
        counted.phase = 'load' and coalesce(counted.last_modified < changes_before.changed_at, false) as is_left_over
    from counted
    left join changes_before on counted.counter = changes_before.counter

)
{%- endmacro %}

{#- The CTE `left_over_facts`: the left-over files that are new, or were held as part of a load that was started again. -#}
{% macro _left_over_facts() -%}
left_over_facts as (

    select
        count(*) as left_over_files,
        min(listing.path) as left_over_path
    from listing
    left join there using (file, last_modified)
    where listing.is_left_over and coalesce(there.status, 'held') = 'held'

)
{%- endmacro %}

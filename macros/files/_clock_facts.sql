{#- The CTE `clock_facts`: a change file's own time must agree with its name, or no time can tell old changes from new ones. -#}
{% macro _clock_facts() -%}
clock_facts as (

    select
        count(*) as listed_files,
        max(stamped_at) as last_change_at,
        count(*) filter (where phase = 'change' and not agrees) as doubtful_changes,
        count(*) filter (
            where
                phase = 'change' and agrees
                and stamped_at < (select first_fresh_load_at from fresh_facts)
                and stamped_at > coalesce(
                    (select max(last_modified) from known where phase = 'load'), timestamp '0001-01-01 00:00:00'
                )
        ) as changes_before_fresh_load
    from (select *, {{ dms_lake._clock_agrees() }} as agrees from listing)

)
{%- endmacro %}

{#- Whether a change file's time is within a day of the one in its name. -#}
{% macro _clock_agrees() -%}
abs(date_diff('hour', stamped_at, last_modified)) <= 24
{%- endmacro %}

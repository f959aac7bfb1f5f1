{#- The CTE `gone_facts`: the known files that are there no longer, and whether any known file is. -#}
{% macro _gone_facts() -%}
gone as (

    select
        known.*,
        listing.file is null as is_gone
    from known
    left join listing using (file)
    where known.status != 'left_over'

),

gone_facts as (

    select
        count(*) filter (where is_gone) as gone_files,
        count(*) filter (where is_gone and status != 'vanished') as newly_gone_files,
        count(*) filter (where not is_gone) as known_files_left,
        min(last_modified) filter (where is_gone) as oldest_gone_at,
        max(last_modified) filter (where is_gone) as newest_gone_at
    from gone

)
{%- endmacro %}

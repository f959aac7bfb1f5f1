{#- The CTE `gone_facts`: the known files that are there no longer, which of them no expiry rule removed, whether any known file is there,
    and the newest that ever was; and how many change files were written anew with another content. -#}
{% macro _gone_facts(table) -%}
{%- set days = table.raw_retention_days -%}
gone as (

    select
        known.*,
        listing.file is null as is_gone,
        known.phase = 'change' and listing.size_bytes != known.size_bytes as is_rewritten
    from known
    left join listing using (file)
    where known.status != 'left_over'

),

gone_facts as (

    select
        count(*) filter (where is_gone) as gone_files,
        count(*) filter (where is_gone and status != 'vanished') as newly_gone_files,
        count(*) filter (
            where is_gone and status != 'vanished'{{ " and last_modified > " ~ dms_lake._run_time() ~ " - interval '" ~ days ~ "' day" if days }}
        ) as newly_vanished_files,
        count(*) filter (where not is_gone) as known_files_left,
        count(*) filter (where is_rewritten) as rewritten_changes,
        min(file) filter (where is_rewritten) as rewritten_change,
        min(last_modified) filter (where is_gone) as oldest_gone_at,
        max(last_modified) filter (where is_gone) as newest_gone_at,
        (
            select max(last_modified) from {{ dms_lake._ledger('files') }}
            where source_table = {{ dms_lake._literal(table.name) }}
        ) as newest_ever_at
    from gone

)
{%- endmacro %}

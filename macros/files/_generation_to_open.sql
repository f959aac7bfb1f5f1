{#- The generation that a listing opens, as {generation, began_at, reason, is_restart}, or nothing. A load that is started again before the
    first attempt counted is no second one: its generation begins anew. Decision 0003 says why so. -#}
{% macro _generation_to_open(table, facts, last) -%}
    {%- set reason = none -%}
    {%- set sees_loads = table.generations == 'loads' -%}
    {%- set began_at = facts.first_fresh_load_at -%}
    {%- set quiet = modules.datetime.timedelta(minutes=var('dms_lake_load_quiet_minutes', 60)) -%}
    {%- if sees_loads and last.generation and facts.overwritten_loads -%}
        {%- set reason = 'load files replaced' -%}
    {%- elif sees_loads and facts.fresh_loads and facts.changes_before_fresh_load -%}
        {%- set reason = 'load files newer than changes' -%}
    {%- elif sees_loads and last.generation and facts.newly_gone_files and not facts.known_files_left and table.raw_retention_days -%}
        {%- set is_young = facts.oldest_gone_at > run_started_at.replace(tzinfo=none) - modules.datetime.timedelta(days=table.raw_retention_days) -%}
        {%- if is_young and (not facts.fresh_files or facts.first_fresh_at > facts.newest_gone_at) -%}
            {%- set reason = 'truncate' -%}
            {%- set began_at = facts.first_fresh_moment or run_started_at.replace(tzinfo=none) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not reason and sees_loads and last.generation and facts.fresh_loads and not facts.known_files_left and facts.newest_ever_at and began_at > facts.newest_ever_at + quiet -%}
        {%- set reason = 'load files after all others were gone' -%}
    {%- endif -%}
    {%- if reason and reason != 'truncate' and facts.doubtful_changes -%}
        {%- do dms_lake._fail(
            "registry entry `" ~ table.name ~ "`",
            "a new full load was found (" ~ reason ~ "), but " ~ facts.doubtful_changes ~ " change file(s) were last modified more than a day from the time in their name, so old changes cannot be told from new ones. Restore the files' times (`aws s3 sync` and `cp -p` keep them)."
        ) -%}
    {%- endif -%}
    {%- if reason == 'load files replaced' and last.state == 'held' -%}
        {%- set began_at = run_query(
            "select min(last_modified) from dms_lake_listing where phase = 'load' and not is_left_over and last_modified >= timestamp '" ~ last.began_at ~ "'"
        ).rows[0][0] -%}
        {{- return({'generation': last.generation, 'began_at': began_at, 'reason': reason, 'is_restart': true}) -}}
    {%- elif reason -%}
        {{- return({'generation': last.generation + 1 if last.generation else 2, 'began_at': began_at, 'reason': reason, 'is_restart': false}) -}}
    {%- endif -%}
{%- endmacro %}

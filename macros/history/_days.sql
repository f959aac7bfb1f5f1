{#- What a run of history needs to know of the snapshots it reads (none for other tables): whether all of them come after those that the
    log knows (`is_next`), those it reads whole, those that stand in the log and follow one that it reads (`followers`), and those at
    whose moment a key may end (`closing`). docs/history.md says how a log of days is kept. -#}
{% macro _days(table, plan, generations) -%}
    {%- if table.generations != 'snapshots' -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set read = (plan.files or []) | map(attribute='generation') | unique | list -%}
    {%- set known = generations | map(attribute='generation') | list -%}
    {#- A later day that altered nothing has no row in the log, and yet has said so. -#}
    {%- set has_later = known | reject('in', read) | select('gt', read[0]) | list if read else [] -%}
    {%- if not plan.is_kept or not read or (not has_later and dms_lake._newest_day() < read[0]) -%}
        {{- return({'is_next': true, 'read': read, 'whole': read, 'followers': [], 'closing': read}) -}}
    {%- endif -%}
    {%- set whole = [] -%}
    {%- set followers = [] -%}
    {%- for generation in read -%}
        {%- set files = plan.files | selectattr('generation', 'equalto', generation) | list -%}
        {%- do whole.append(generation) if files | length == files[0].files_of_generation -%}
        {%- set next = known | select('gt', generation) | first -%}
        {%- do followers.append(next) if next and next not in read + followers -%}
    {%- endfor -%}
    {{- return({'is_next': false, 'read': read, 'whole': whole, 'followers': followers, 'closing': whole + followers}) -}}
{%- endmacro %}

{#- The newest snapshot that altered anything in the log; 0 where it is empty. -#}
{% macro _newest_day() -%}
    {{- return(run_query("select max(_cdc_generation) from " ~ dms_lake._log(this)).rows[0][0] or 0) -}}
{%- endmacro %}

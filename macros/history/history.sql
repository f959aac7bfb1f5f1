{#- The rows of history's log that this run must write: of the keys that the unread files touch the new changes, and the stored ones that these
    alter, each with the time for which it held. `_cdc_is_whole`: all of the key's, not its tail alone. docs/history.md has the rules. -#}
{% macro history(relation) -%}
{%- do dms_lake._room('history') -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'history') -%}
{%- do dms_lake._check_history(table) -%}
{%- set plan = dms_lake._plan(table) -%}
{%- do dms_lake._check_view(relation, plan.files) -%}
{%- set generations = dms_lake._generations(table) if plan.newest > 1 else [] -%}
{%- do plan.update({'days': dms_lake._days(table, plan, generations)}) -%}
{%- set closing = generations | selectattr('generation', 'in', plan.days.closing) | list if plan.days else generations -%}
with

incoming as (

    {{ dms_lake._incoming(relation, table, plan.files) | indent(4) }}

),

{{ dms_lake._known(table, plan) }},

{% if closing -%}
{{ dms_lake._closings(table, plan, closing) }},
{%- else -%}
gathered as (

    select * from known

),
{%- endif %}

{{ dms_lake._filled(table) }},

{{ dms_lake._placed_in_time(table, plan, closing if dms_lake._knows_tails(table, plan) else generations) }},

{{ dms_lake._intervals(table, plan) }},

history as (

    select
        {%- for column in dms_lake._log_columns(table) %}
        {{ column }},
        {%- endfor %}
        {%- if plan.is_kept %}
        _is_whole as _cdc_is_whole,
        {%- endif %}
        _is_start and _is_tied as _cdc_undecided
    from intervals
    {%- if table.generations == 'snapshots' %}
    where _is_start or _cdc_is_last
    {%- endif %}

)

select * from history
{%- endif -%}
{%- endmacro %}

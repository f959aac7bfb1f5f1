{#- The rows of `models/latest` that this run must write: for every key of the unread files its last change, where that is
    later than what the table holds. A deleted key stays as a tombstone: its key and the `_cdc_*` columns only.
    In a unit test: what the table holds afterwards. -#}
{% macro latest(relation) -%}
{%- do dms_lake._room('latest') -%}
{%- if not execute -%}
{%- do dms_lake._leave_unit_test_facts(relation) -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'latest') -%}
{%- set plan = dms_lake._plan(table) -%}
{%- set files = plan.files -%}
{%- set is_kept = plan.is_kept -%}
{%- if is_kept and model.resource_type == 'unit_test' -%}
    {%- do dms_lake._stand_for_unit_tests(table) -%}
{%- endif -%}
{%- do dms_lake._check_view(relation, files) -%}
{%- set loads = (files or []) | selectattr('phase', 'equalto', 'load') | list -%}
{%- set is_plain_load = dms_lake._is_plain_load(relation, table, files, loads, plan.newest) -%}
{%- set reduced_files = files | rejectattr('phase', 'equalto', 'load') | list if is_plain_load else files -%}
{%- set are_single = dms_lake._are_single_changes(relation, table, reduced_files) -%}
with

incoming as (

    {{ dms_lake._incoming(relation, table, reduced_files) | indent(4) }}

),

{{ dms_lake._reduced(table, is_kept, are_single) }},

{% if plan.newest > 1 -%}
{{ dms_lake._closed_generations(relation, table, plan.newest, is_kept and dms_lake._closes(table), loads if is_plain_load else none) }},
{%- else -%}
settled as (

    select * from reduced

),
{%- endif %}

shaped as (

    {{ dms_lake._shaped(table) | indent(4) }}
    {%- if is_plain_load %}
    union all
    {{ dms_lake._load_rows(relation, table, loads) | indent(4) }}
    {%- endif %}

),

{% if is_kept and (table.fills or not dms_lake._merges()) -%}
{{ dms_lake._later_than_held(table) }}
{%- else -%}
later as (

    select * from shaped

)
{%- endif %}

{%- if is_kept and model.resource_type == 'unit_test' -%}
,

{{ dms_lake._afterwards(table) }}

select * from afterwards
{%- else %}

select * from later
{%- endif -%}
{%- endif -%}
{%- endmacro %}

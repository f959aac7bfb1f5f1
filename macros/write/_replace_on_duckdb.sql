{#- The whole table from the compiled query; the old one stands until the transaction ends. -#}
{% macro _replace_on_duckdb(existing, is_latest) -%}
    {%- set fresh = make_intermediate_relation(dms_lake._stored().incorporate(type='table')) -%}
    {%- do drop_relation_if_exists(fresh) -%}
    {%- call statement('main') -%}
create table {{ fresh }} as
{{ model.compiled_code }}
    {%- endcall -%}
    {%- call statement('count_batch', fetch_result=true) -%}
create or replace temp table dms_lake_batch_facts as
select
    count(*) as rows_written,
    {{ 'count(*) filter (where _cdc_is_deleted)' if is_latest else 0 }} as rows_deleted,
    {{ 'count(*) filter (where _cdc_undecided)' if is_latest else 0 }} as undecided_ties
from {{ fresh }}
    {%- endcall -%}
    {%- if is_latest -%}
        {%- call statement('drop_helper') -%} alter table {{ fresh }} drop column _cdc_undecided {%- endcall -%}
    {%- endif -%}
    {#- What the cache does not know may stand there all the same: `_stand_for_unit_tests` of this very run. -#}
    {%- do adapter.drop_relation(existing or dms_lake._stored().incorporate(type='table')) -%}
    {%- do adapter.rename_relation(fresh, dms_lake._stored().incorporate(type='table')) -%}
{%- endmacro %}

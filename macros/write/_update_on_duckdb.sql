{#- The batch first, then the held rows that it replaces out, then the batch in. -#}
{% macro _update_on_duckdb(match, files) -%}
    {%- call statement('main') -%}
create or replace temp table dms_lake_batch as
{{ model.compiled_code }}
    {%- endcall -%}
    {%- call statement('count_batch') -%}
create or replace temp table dms_lake_batch_facts as
select
    count(*) as rows_written,
    {{ 'count(*) filter (where _cdc_is_deleted)' if match else 0 }} as rows_deleted,
    {{ 'count(*) filter (where _cdc_undecided)' if match else 0 }} as undecided_ties
from dms_lake_batch
    {%- endcall -%}
    {%- call statement('delete_replaced') -%}
        {%- if match -%}
delete from {{ dms_lake._stored() }} as stored using dms_lake_batch as batch where {{ match }}
        {%- else -%}
delete from {{ dms_lake._stored() }} where {{ dms_lake._files_filter(files) }}
        {%- endif -%}
    {%- endcall -%}
    {%- call statement('insert_batch') -%}
insert into {{ dms_lake._stored() }} by name
select *{{ ' exclude (' ~ dms_lake._batch_columns() ~ ')' if match }} from dms_lake_batch
    {%- endcall -%}
    {%- call statement('drop_batch') -%} drop table dms_lake_batch {%- endcall -%}
{%- endmacro %}

{#- The columns of a batch that say how to write it, and are not stored. -#}
{% macro _batch_columns() -%}
    {{- return('_cdc_undecided' ~ (', _cdc_is_whole' if model.config.materialized == 'history' else '')) -}}
{%- endmacro %}

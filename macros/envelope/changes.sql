{#- The rows of `models/changes`: one row per change as DMS wrote it, typed, with the uniform `_cdc_*` columns. -#}
{% macro changes(relation) -%}
{%- do dms_lake._room('view') -%}
{%- if not execute -%}
select 1 as parsing from {{ relation }}
{%- else -%}
{%- set table = dms_lake._table_of(relation, 'changes') -%}
{%- do dms_lake._check_layouts(table) -%}
{%- do dms_lake._refresh_listing(table) -%}
with

{% if table.is_text -%}
{{ dms_lake.text_rows(relation, table) }}
{%- else -%}
{{ dms_lake._parquet_files(relation, table) }}
{%- endif %},

typed as (

    {{ dms_lake._typed(table) | indent(4) }}

),

noted as (

    {{ dms_lake._noted(table) | indent(4) }}

),

placed as (

    {{ dms_lake._placed(table) | indent(4) }}

)

select * from placed
{%- endif -%}
{%- endmacro %}

{#- DuckDB's text that reads one raw file as the rows of the landed raw table: the file on this machine is named by the scan's
    variable, its place on S3 by `dms_lake_raw_path`. The scan is the one of a laptop. -#}
{% macro _landing_sql(table) -%}
with

{% if not table.is_text -%}
"raw" as (

{{ dms_lake.duckdb__parquet_rows(none, table) }}

)
{%- else -%}
{{ dms_lake['_' ~ table.envelope ~ '_rows'](table) }}
{%- endif %}

select
    {%- for column in dms_lake._raw_columns(table) %}
    {%- if column.name == '_raw_file_path' %}
    getvariable('dms_lake_raw_path') as _raw_file_path{{ ',' if not loop.last }}
    {%- else %}
    cast({{ dms_lake._quoted(column.name) }} as {{ column.type }}) as {{ dms_lake._quoted(column.name) }}{{ ',' if not loop.last }}
    {%- endif %}
    {%- endfor %}
from "raw"
{%- endmacro %}

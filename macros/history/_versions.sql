{#- The rows of a history view: those of its log that are versions. -#}
{% macro _versions(log, table) -%}
select
    {%- for column in dms_lake._version_columns(table) %}
    {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ log }}
where _cdc_version_number is not null
{%- endmacro %}

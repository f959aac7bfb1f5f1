{#- The living rows of a latest table, or of the log that a history keeps. -#}
{% macro _living(table, relation, is_history) -%}
select
    {%- for column in dms_lake._stored_columns(table) if column != '_cdc_is_deleted' and column not in dms_lake._fill_columns(table) %}
    {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ relation }}
where not _cdc_is_deleted
{%- if is_history %}
    and _cdc_is_last
{%- endif %}
{%- endmacro %}

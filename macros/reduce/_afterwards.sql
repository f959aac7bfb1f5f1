{#- A CTE of what the table holds after the write; only unit tests ask for it. -#}
{% macro _afterwards(table) -%}
{%- set columns = dms_lake._stored_columns(table) | join(', ') -%}
afterwards as (

    select {{ columns }} from {{ this }} as stored
    where not exists (select 1 from later where {{ dms_lake._same_key('later', 'stored', table) }})
    union all
    select {{ columns }} from later

)
{%- endmacro %}

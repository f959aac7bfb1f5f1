{#- A registry entry whose files `lake land` lists and reads, instead of a run on DuckDB. -#}
{% macro _landed_entry(node) -%}
    {%- set table = dms_lake._registry_entry(node) -%}
    {%- do table.update({'is_landed': true}) -%}
    {{- return(table) -}}
{%- endmacro %}

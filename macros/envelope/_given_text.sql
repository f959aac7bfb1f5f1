{#- A column's raw field, null where it holds the stand-in for a value that the source's log did not carry (changes only: a load
    reads the table itself). -#}
{% macro _given_text(table, alias) -%}
    {%- set field = '"raw".' ~ dms_lake._quoted(alias) -%}
    {%- if not table.unsupplied_token -%}
        {{- return(field) -}}
    {%- endif -%}
    {{- return("nullif(" ~ field ~ ", case when not " ~ dms_lake._is_load(table) ~ " then " ~ dms_lake._literal(table.unsupplied_token) ~ " end)") -}}
{%- endmacro %}

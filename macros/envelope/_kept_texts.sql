{#- The columns that the lake keeps of a table, as expressions that give their values as texts. -#}
{% macro _kept_texts(table) -%}
    {%- set texts = [] -%}
    {%- for column in table.kept -%}
        {%- do texts.append(dms_lake.value_text(column.type, dms_lake._quoted(column.name))) -%}
    {%- endfor -%}
    {{- return(texts) -}}
{%- endmacro %}

{#- A text as an SQL string literal. -#}
{% macro _literal(text) -%}
    {{- return("'" ~ (text | string | replace("'", "''")) ~ "'") -}}
{%- endmacro %}

{#- Texts as SQL string literals, a comma between them; at once, for a run over thousands of tables has thousands of them. -#}
{% macro _literals(texts) -%}
    {%- if texts -%}
        {{- "'" ~ (texts | map('string') | map('replace', "'", "''") | join("', '")) ~ "'" -}}
    {%- endif -%}
{%- endmacro %}

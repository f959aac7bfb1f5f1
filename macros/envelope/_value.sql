{#- A raw field as a value: text is parsed, and an empty text is a value of varchar and binary only; a Parquet file has typed it already. -#}
{% macro _value(type, expression, is_text) -%}
    {{- return(dms_lake.text_to(type, expression) if is_text else expression) -}}
{%- endmacro %}

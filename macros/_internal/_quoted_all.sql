{#- Several names as identifiers. -#}
{% macro _quoted_all(names) -%}
    {%- set quoted = [] -%}
    {%- for name in names -%}
        {%- do quoted.append(dms_lake._quoted(name)) -%}
    {%- endfor -%}
    {{- return(quoted) -}}
{%- endmacro %}

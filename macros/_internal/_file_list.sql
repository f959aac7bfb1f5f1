{#- Files as DuckDB's readers take them: a list of patterns, each of which finds just one. -#}
{% macro _file_list(paths) -%}
    {%- set patterns = [] -%}
    {%- for path in paths -%}
        {%- do patterns.append(dms_lake._as_pattern(path)) -%}
    {%- endfor -%}
    {{- return('[' ~ dms_lake._literals(patterns) ~ ']') -}}
{%- endmacro %}

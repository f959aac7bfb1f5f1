{#- Whether the write itself guards held rows, by a merge; a unit test has no write, so its query must. -#}
{% macro _merges() -%}
    {{- return(target.type == 'athena' and model.resource_type != 'unit_test') -}}
{%- endmacro %}

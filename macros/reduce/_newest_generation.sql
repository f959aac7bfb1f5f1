{#- The newest generation among the files of a run; 1 where nothing is known. -#}
{% macro _newest_generation(files) -%}
    {{- return(((files or []) | map(attribute='generation') | list + [1]) | max) -}}
{%- endmacro %}

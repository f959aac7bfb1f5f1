{#- A path as a pattern that finds just it: DuckDB takes whatever it is to read for a pattern, so that `HR[1]` would be `HR1`. -#}
{% macro _as_pattern(path) -%}
    {{- return(path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')) -}}
{%- endmacro %}

{#- The path that such a pattern was made of. -#}
{% macro _as_pattern_undone(pattern) -%}
    {{- return(pattern | replace('[?]', '?') | replace('[*]', '*') | replace('[[]', '[')) -}}
{%- endmacro %}

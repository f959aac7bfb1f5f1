{#- The table beneath a history view: every change of every key, of which the view shows those that are versions. -#}
{% macro _log(relation) -%}
    {{- return(relation.incorporate(path={'identifier': relation.identifier ~ '__log'}, type='table')) -}}
{%- endmacro %}

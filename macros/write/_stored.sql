{#- The table that the current model's rows are kept in: its own, or the log beneath a history view. -#}
{% macro _stored() -%}
    {{- return(dms_lake._log(this) if model.config.materialized == 'history' else this) -}}
{%- endmacro %}

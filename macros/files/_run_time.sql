{#- When this dbt run started (UTC), as a timestamp literal. -#}
{% macro _run_time() -%}
    {{- return("timestamp '" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') ~ "'") -}}
{%- endmacro %}

{#- The statement that removes a table's old snapshots and the files that none needs, by the table's own settings. -#}
{% macro expire(relation) -%}
    {{- return(adapter.dispatch('expire', 'dms_lake')(relation)) -}}
{%- endmacro %}

{% macro default__expire(relation) -%}
    {%- do dms_lake._not_implemented('expire') -%}
{%- endmacro %}

{#- Athena takes names without quotes here. -#}
{% macro athena__expire(relation) -%}
vacuum {{ relation.render_pure() }}
{%- endmacro %}

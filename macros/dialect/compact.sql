{#- The statement that rewrites a table's small files, and those that delete files lie over, into full ones. -#}
{% macro compact(relation) -%}
    {{- return(adapter.dispatch('compact', 'dms_lake')(relation)) -}}
{%- endmacro %}

{% macro default__compact(relation) -%}
    {%- do dms_lake._not_implemented('compact') -%}
{%- endmacro %}

{#- Athena takes names without quotes here. -#}
{% macro athena__compact(relation) -%}
optimize {{ relation.render_pure() }} rewrite data using bin_pack
{%- endmacro %}

{#- Our own word for `is_incremental()`, which dbt answers only for its own materialization: the table stands and is kept.
    A unit test overrides `is_incremental` to say the same. Said once a run with what is unread: dbt compares a name with every relation. -#}
{% macro _is_incremental() -%}
    {%- if model.resource_type == 'unit_test' -%}
        {{- return(is_incremental()) -}}
    {%- elif not dms_lake._can_query() or flags.FULL_REFRESH -%}
        {{- return(dms_lake._can_query() is false and flags.FULL_REFRESH is not true) -}}
    {%- endif -%}
    {%- set unread = graph.nodes.get(model.unique_id, {}).get('dms_lake_unread', {}) -%}
    {%- if unread.invocation_id == invocation_id -%}
        {{- return(unread.is_kept) -}}
    {%- endif -%}
    {%- set existing = load_relation(dms_lake._stored()) -%}
    {{- return(existing is not none and existing.is_table) -}}
{%- endmacro %}

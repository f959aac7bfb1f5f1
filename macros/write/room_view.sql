{#- A view that takes the place of the older one in one statement. dbt's own makes it under another name, renames the older one away
    and then drops it: three statements and as many contexts more, a tenth of what a room's model costs in a run. -#}
{% materialization room_view, adapter='duckdb' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and not existing.is_view -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        {%- if config.get('contract').enforced %}
            {{ get_assert_columns_equivalent(sql) }}
        {%- endif %}
        {{ config.get('sql_header', '') }}
        create or replace view {{ relation }} as (
            {{ sql }}
        );
    {%- endcall -%}
    {%- do apply_grants(relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=true)) -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{- return({'relations': [relation]}) -}}
{%- endmaterialization %}

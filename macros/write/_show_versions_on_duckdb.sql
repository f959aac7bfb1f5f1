{#- The history view over its log, made anew because its columns follow the registry. -#}
{% macro _show_versions_on_duckdb(table) -%}
    {%- set existing = load_relation(this) -%}
    {%- if existing is not none and not existing.is_view -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement('show_versions') -%}
create or replace view {{ this }} as
{{ dms_lake._versions(dms_lake._log(this), table) }}
    {%- endcall -%}
{%- endmacro %}

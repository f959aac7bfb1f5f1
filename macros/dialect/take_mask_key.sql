{#- Bring the mask key from the environment (DMS_LAKE_MASK_KEY) into the session that reads a table's raw files, and take it out
    again. It goes as a bound value: neither dbt's log nor any SQL on disk holds it. -#}
{% macro take_mask_key(table, is_needed) -%}
    {{- return(adapter.dispatch('take_mask_key', 'dms_lake')(table, is_needed)) -}}
{%- endmacro %}

{% macro default__take_mask_key(table, is_needed) -%}
    {%- do dms_lake._not_implemented('take_mask_key') -%}
{%- endmacro %}

{% macro duckdb__take_mask_key(table, is_needed) -%}
    {%- if table.hashed and is_needed -%}
        {%- set key = env_var('DMS_LAKE_MASK_KEY', '') -%}
        {%- if key | length < 16 -%}
            {%- do dms_lake._fail(
                model.name, "`" ~ table.name ~ "` masks " ~ (table.hashed | join(', ')) ~ " by hash, and the environment variable DMS_LAKE_MASK_KEY is "
                ~ ("not set" if not key else "shorter than 16 characters") ~ ". Set it to a long random text, always the same one (docs/masks.md)."
            ) -%}
        {%- endif -%}
        {%- do adapter.add_query("set variable dms_lake_mask_key = ?", auto_begin=false, bindings=[key]) -%}
    {%- elif table.hashed -%}
        {%- do run_query("reset variable dms_lake_mask_key") -%}
    {%- endif -%}
{%- endmacro %}

{#- The view reads the key's table by itself. -#}
{% macro athena__take_mask_key(table, is_needed) -%}
{%- endmacro %}

{#- Nothing is hashed there. -#}
{% macro redshift__take_mask_key(table, is_needed) -%}
{%- endmacro %}

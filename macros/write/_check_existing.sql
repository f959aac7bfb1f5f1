{#- What stands under a model's name must be an Iceberg table; anything else is named, and only a full refresh replaces it. -#}
{% macro _check_existing(existing) -%}
    {%- if existing is not none and not flags.FULL_REFRESH -%}
        {%- set kind = 'view' if existing.is_view else ((existing.detailed_table_type or 'hive') | lower) ~ ' table' -%}
        {%- if kind != 'iceberg table' -%}
            {%- do dms_lake._fail(
                model.name, "a " ~ kind ~ " named `" ~ existing.identifier ~ "` stands in the schema `" ~ existing.schema
                ~ "` where the Iceberg table should be. Drop it, or run with --full-refresh, which replaces it."
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

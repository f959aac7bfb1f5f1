{#- What users expect around a table: Lake Formation tags and grants, descriptions, and no heap of old Glue versions. -#}
{% macro _dress_on_athena(relation) -%}
    {%- if config.get('lf_tags_config') is not none -%}
        {%- do adapter.add_lf_tags(relation, config.get('lf_tags_config')) -%}
    {%- endif -%}
    {%- if config.get('lf_grants') is not none -%}
        {%- do adapter.apply_lf_grants(relation, config.get('lf_grants')) -%}
    {%- endif -%}
    {%- do apply_grants(relation, config.get('grants'), should_revoke=false) -%}
    {%- do persist_docs(relation, model) -%}
    {%- do adapter.expire_glue_table_versions(relation, config.get('versions_to_keep', 4), False) -%}
{%- endmacro %}

{#- The demo's models stay out of a project that installs this one: called first by every room's macro. A model of the
    installing project is never touched. -#}
{% macro _demo_only() -%}
    {%- if model.package_name == 'dms_lake' and project_name != 'dms_lake' -%}
        {%- do config(enabled=false) -%}
    {%- endif -%}
{%- endmacro %}

{#- A reader as Redshift's GRANT names it: `role:analysts` is `role "analysts"`. -#}
{% macro _principal(reader) -%}
    {%- set kind, colon, name = (reader | string).partition(':') -%}
    {%- if kind not in ['role', 'group', 'user'] or not name -%}
        {%- do dms_lake._fail("external_schema", "a reader is `" ~ reader ~ "`; it must be role:NAME, group:NAME or user:NAME.") -%}
    {%- endif -%}
    {{- return(('' if kind == 'user' else kind ~ ' ') ~ dms_lake._quoted(name)) -}}
{%- endmacro %}

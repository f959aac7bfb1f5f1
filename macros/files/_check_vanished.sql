{#- Files that are gone and whose rows a run would lose: never read, or only kept by the table that a full refresh replaces. -#}
{% macro _check_vanished(table, vanished) -%}
    {%- if vanished and not var('dms_lake_force_full_refresh', false) -%}
        {%- set which = vanished | length ~ " raw file(s) of `" ~ table.name ~ "` are gone, e.g. `" ~ vanished[0].path ~ "`" -%}
        {%- if not flags.FULL_REFRESH -%}
            {%- do dms_lake._fail("latest", which ~ ", before they were read. Bring them back, or give them up with `lake forget-vanished " ~ table.name ~ "`.") -%}
        {%- else -%}
            {%- do dms_lake._fail("latest", which ~ "; a full refresh would lose the rows that came from them. Bring them back, or force it with `--vars 'dms_lake_force_full_refresh: true'`.") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

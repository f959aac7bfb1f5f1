{#- The name `source.table` of a registered table, or an error that lists near names. -#}
{% macro _known_table(table, macro_name) -%}
    {%- set names = [] -%}
    {%- for node in graph.sources.values() -%}
        {%- do names.append(node.source_name ~ '.' ~ node.name) -%}
    {%- endfor -%}
    {%- if table not in names -%}
        {%- do dms_lake._fail(macro_name, "no registered table `" ~ table ~ "`; the registry has " ~ (names | sort)[:20] | join(', ') ~ ("." if names | length <= 20 else " and " ~ (names | length - 20) ~ " more.")) -%}
    {%- endif -%}
    {{- return(table) -}}
{%- endmacro %}

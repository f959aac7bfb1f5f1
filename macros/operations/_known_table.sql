{#- The name `source.table` of a registered table, or an error that lists the registry's; and an error where nothing was built. -#}
{% macro _known_table(table, macro_name) -%}
    {%- set names = [] -%}
    {%- for node in graph.sources.values() -%}
        {%- do names.append(node.source_name ~ '.' ~ node.name) -%}
    {%- endfor -%}
    {%- if table not in names -%}
        {%- do dms_lake._fail(macro_name, "no registered table `" ~ table ~ "`; the registry has " ~ (names | sort)[:20] | join(', ') ~ ("." if names | length <= 20 else " and " ~ (names | length - 20) ~ " more.")) -%}
    {%- endif -%}
    {%- if load_relation(dms_lake._ledger('files')) is none -%}
        {%- do dms_lake._fail(macro_name, "there is no ledger in the schema `" ~ target.schema ~ "` of the target `" ~ target.name ~ "`: nothing has been built there yet. Run `dbt build` first, or choose another target.") -%}
    {%- endif -%}
    {{- return(table) -}}
{%- endmacro %}

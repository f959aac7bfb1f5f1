{#- The name `source.table` of a registered table, or an error that lists the registry's; and an error where nothing was built. -#}
{% macro _known_table(table, macro_name) -%}
    {%- set names = [] -%}
    {%- for node in graph.sources.values() -%}
        {%- do names.append(node.source_name ~ '.' ~ node.name) -%}
    {%- endfor -%}
    {%- if table not in names -%}
        {%- do dms_lake._fail(macro_name, "no registered table `" ~ table ~ "`; the registry has " ~ (names | sort)[:20] | join(', ') ~ ("." if names | length <= 20 else " and " ~ (names | length - 20) ~ " more.")) -%}
    {%- endif -%}
    {#- Not load_relation: where nothing is cached it opens a transaction, and a run-operation ends by rolling that back. -#}
    {%- set ledger = run_query(
        "select 1 from information_schema.tables where table_name = 'dms_lake_files' and table_schema = " ~ dms_lake._literal(target.schema)
    ).rows -%}
    {%- if not ledger -%}
        {%- do dms_lake._fail(macro_name, "there is no ledger in the schema `" ~ target.schema ~ "` of the target `" ~ target.name ~ "`: nothing has been built there yet. Run `dbt build` first, or choose another target.") -%}
    {%- endif -%}
    {{- return(table) -}}
{%- endmacro %}

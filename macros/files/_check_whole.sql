{#- A CSV file that ends inside a quoted value is refused before a row of it is read, as a Parquet or gzip file that is cut short is. -#}
{% macro _check_whole(table, facts) -%}
    {%- set names = dms_lake._csv_names(table) -%}
    {%- if facts.fresh_files and names is not none -%}
        {%- set paths = [] -%}
        {%- for path in run_query(dms_lake._fresh_paths(table)).columns[0].values() if modules.re.search(names, path) -%}
            {%- do paths.append(path) -%}
        {%- endfor -%}
        {%- for batch in paths | batch(500) -%}
            {%- set odd = run_query(dms_lake._odd_quotes(table, batch)).columns[0].values() | list -%}
            {%- set open = run_query(dms_lake._open_quotes(table, odd)).columns[0].values() | list if odd else [] -%}
            {%- if open -%}
                {%- do dms_lake._fail("registry entry `" ~ table.name ~ "`", "`" ~ open[0] ~ "` " ~ dms_lake._open_quote_cure()) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro _open_quote_cure() -%}
ends inside a quoted value: it is cut short, or a quote in it is not doubled. Deliver it again; if it is whole, set the endpoint's Rfc4180 to true and load the table again.
{%- endmacro %}

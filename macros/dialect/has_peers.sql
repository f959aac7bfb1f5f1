{#- Whether the first row of a window in the total order shares its place with the next one, so that only the file path tells them
    apart. An engine sorts once for this and for the row's number: DuckDB also where an order is the beginning of the other, Trino
    only where the window is the very same. -#}
{% macro has_peers(alias, key, window) -%}
    {{- return(adapter.dispatch('has_peers', 'dms_lake')(alias, key, window)) -}}
{%- endmacro %}

{% macro default__has_peers(alias, key, window) -%}
    {%- do dms_lake._not_implemented('has_peers') -%}
{%- endmacro %}

{% macro duckdb__has_peers(alias, key, window) -%}
count(*) over (
    partition by {{ key | join(', ') }}
    order by {{ dms_lake.order_by(alias, decided_only=true) | indent(4) }}
) > 1
{%- endmacro %}

{% macro athena__has_peers(alias, key, window) -%}
coalesce(
    {%- for part in dms_lake.order_parts(alias)[:-1] %}
    {{ 'and ' if not loop.first }}lead({{ part | indent(4) }}) over {{ window }} = {{ part | indent(4) }}
    {%- endfor %},
    false
)
{%- endmacro %}

{% macro redshift__has_peers(alias, key, window) -%}
{{ dms_lake.duckdb__has_peers(alias, key, window) }}
{%- endmacro %}

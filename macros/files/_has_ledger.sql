{#- Whether the ledger stands: always in a run, which begins by making it (the relation cache is older than that). -#}
{% macro _has_ledger() -%}
    {{- return(
        dms_lake._can_query() and target.type in ['duckdb', 'athena']
        and (flags.WHICH in ['run', 'build'] or load_relation(dms_lake._ledger('files')) is not none)
    ) -}}
{%- endmacro %}

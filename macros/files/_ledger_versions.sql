{#- The snapshots of the ledger's Iceberg tables now, as {name: id}: what a query must name to see the same rows later. -#}
{% macro _ledger_versions() -%}
    {%- set queries = [] -%}
    {%- for name in ['files', 'reads', 'generations'] -%}
        {%- set refs = dms_lake._ledger(name).incorporate(path={'identifier': 'dms_lake_' ~ name ~ '$refs'}) -%}
        {%- do queries.append("select '" ~ name ~ "' as name, snapshot_id from " ~ refs ~ " where name = 'main'") -%}
    {%- endfor -%}
    {%- set versions = {} -%}
    {%- for row in run_query(queries | join(" union all ")).rows -%}
        {%- do versions.update({row.name: row.snapshot_id}) -%}
    {%- endfor -%}
    {{- return(versions) -}}
{%- endmacro %}

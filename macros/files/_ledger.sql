{#- One of the ledger's tables: files, reads, generations, columns, runs. They live in the target's own schema. -#}
{% macro _ledger(name) -%}
    {{- return(api.Relation.create(
        database=target.database, schema=target.schema, identifier='dms_lake_' ~ name, type='table'
    )) -}}
{%- endmacro %}

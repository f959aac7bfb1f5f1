{#- The Iceberg partitions of a new latest table: those of the registry. -#}
{% macro _partitions(table, files) -%}
    {{- return(table.partition_by) -}}
{%- endmacro %}

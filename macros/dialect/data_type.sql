{#- An engine-neutral type of the registry as the engine writes it. -#}
{% macro data_type(type) -%}
    {{- return(adapter.dispatch('data_type', 'dms_lake')(type)) -}}
{%- endmacro %}

{% macro default__data_type(type) -%}
    {%- do dms_lake._not_implemented('data_type') -%}
{%- endmacro %}

{% macro duckdb__data_type(type) -%}
    {{- return({'binary': 'blob', 'timestamp': 'timestamp(6)'}.get(type, type)) -}}
{%- endmacro %}

{#- Iceberg has no smallint and no time of day. -#}
{% macro athena__data_type(type) -%}
    {{- return({'binary': 'varbinary', 'timestamp': 'timestamp(6)', 'smallint': 'integer', 'time': 'varchar'}.get(type, type)) -}}
{%- endmacro %}

{% macro redshift__data_type(type) -%}
    {{- return({'binary': 'varbyte(64000)', 'double': 'double precision', 'varchar': 'varchar(65535)'}.get(type, type)) -}}
{%- endmacro %}

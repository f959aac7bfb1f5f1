{#- Refuse a Parquet file with a value that its column's declared type would round, cut or garble. Values are looked at only where a
    file holds a column as a type of which some do not fit, and only in such files. -#}
{% macro _check_values(table, rows, paths) -%}
    {%- set held = [] -%}
    {%- for row in rows -%}
        {%- do held.append((row.column_name | lower, row.column_type)) -%}
    {%- endfor -%}
    {%- for misfit in dms_lake._misfits(table) if (misfit.column | lower, misfit.held) in held -%}
        {%- for batch in paths | batch(500) -%}
            {%- set files = run_query(dms_lake._files_holding(misfit, batch)).columns[0].values() | list -%}
            {%- for file in run_query(dms_lake._misfit_query(misfit, files)).columns[0].values() if files -%}
                {%- do dms_lake._fail("registry entry `" ~ table.name ~ "`", misfit.says | replace('@file@', file)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{% macro _files_holding(misfit, paths) -%}
select distinct file_name
from parquet_schema({{ dms_lake._file_list(paths) }})
where lower(name) = {{ dms_lake._literal(misfit.column | lower) }} and duckdb_type = {{ dms_lake._literal(misfit.held) }}
order by file_name nulls first
{%- endmacro %}

{#- One of the files with a value that does not fit, if there is one. -#}
{% macro _misfit_query(misfit, paths) -%}
select _raw_file_path
from read_parquet(
    {{ dms_lake._file_list(paths) }},
    hive_partitioning = false,
    filename = '_raw_file_path',
    schema = map {
        {{ dms_lake._literal(misfit.column) }}: {name: {{ dms_lake._literal(misfit.column) }}, type: '{{ misfit.held }}', default_value: null}
    }
)
where {{ misfit.condition }}
limit 1
{%- endmacro %}

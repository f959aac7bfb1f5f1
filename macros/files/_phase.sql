{#- What a file is by its name: `load`, `change`, or `unknown` where the envelope's writer gives no such name. -#}
{% macro _phase(table) -%}
    {%- if table.names == 'dms' -%}
case
            when not regexp_matches(file_name, '\.({{ 'parquet' if table.file_format == 'parquet' else 'csv|csv\\.gz' }})$')
                then 'unknown'
            when regexp_matches(file_name, '^(SEGMENT[0-9]+_)?LOAD[0-9A-F]{8}\.') then 'load'
            when regexp_matches(file_name, '^[0-9]{8}-[0-9]{9,10}\.') then 'change'
            else 'unknown'
        end
    {%- elif table.generations == 'snapshots' -%}
case when {{ dms_lake._snapshot_digits('path', table) }} ~ '^[0-9]{8}([0-9]{2})?$' then 'load' else 'unknown' end
    {%- elif table.dump -%}
case
            when regexp_matches(file_name, '\.csv(\.gz)?$') then 'load'
            when regexp_matches(file_name, '\.json(\.gz)?$') then 'change'
            else 'unknown'
        end
    {%- elif table.file_format == 'parquet' -%}
case when file_name like '%.parquet' then 'change' else 'unknown' end
    {%- else -%}
'change'
    {%- endif -%}
{%- endmacro %}

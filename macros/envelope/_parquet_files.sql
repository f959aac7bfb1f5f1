{#- Parquet files as raw rows: declared columns typed by the file, DMS's own columns under _raw_ names. Ends in the CTE `raw`. -#}
{% macro _parquet_files(relation, table) -%}
files as (

    {{ dms_lake.parquet_rows(relation, table) | indent(4) }}

),

"raw" as (

    select
        {%- for column in table.columns %}
        {{ dms_lake._quoted(column.name) }},
        {%- endfor %}
        {{ '"Op"' if table.operations == 'letter' else 'cast(null as varchar)' }} as _raw_operation,
        {{ dms_lake._quoted(table.timestamp_column) if table.timestamp_column else 'cast(null as varchar)' }} as _raw_timestamp,
        {{ dms_lake._quoted(table.change_seq_column) if table.change_seq_column else 'cast(null as varchar)' }} as _raw_change_seq,
        {%- for name in table.old_key %}
        {{ dms_lake._quoted(table.before_image_prefix ~ name) }} as {{ dms_lake._previous(name) }},
        {%- endfor %}
        _raw_file_path,
        _raw_file_row_number,
        cast(null as varchar) as _raw_problem
    from files

)
{%- endmacro %}

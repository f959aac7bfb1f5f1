{#- The runs of load records and of changes of one table in the files that its scan variable names, as {file, phase, first_at,
    last_at}: in the order in which DMS built them, cut where one follows the other. Load records of one moment come first. -#}
{% macro _stream_runs(table) -%}
{%- set names = {'_raw_type': 'record-type', '_raw_word': 'operation', '_raw_schema': 'schema-name', '_raw_table': 'table-name', '_raw_emitted': 'timestamp'} -%}
{%- set in_order = 'partition by file order by emitted_at nulls first, is_load desc nulls last, _raw_file_row_number nulls first' -%}
with

{{ dms_lake._json_records(table) }},

told as (

    select
        substr(_raw_file_path, {{ (table.base | length) + 2 }}) as file,
        _raw_file_row_number,
        {%- for alias, name in names.items() %}
        coalesce(
            json_extract_string(_raw_json, {{ dms_lake._json_path(['metadata', name]) }}),
            json_extract_string(_raw_json, {{ dms_lake._json_path(['metadata', name | replace('-', '_')]) }})
        ) as {{ alias }}{{ ',' if not loop.last }}
        {%- endfor %}
    from json_records

),

ours as (

    select
        file,
        _raw_file_row_number,
        _raw_word = 'load' as is_load,
        {{ dms_lake.text_to('timestamp', '(' ~ dms_lake._json_text(table, '_raw_emitted', '_raw_emitted') ~ ')') }} as emitted_at
    from told
    where _raw_type = 'data'
        and _raw_word in ('load', 'insert', 'update', 'delete')
        and {{ dms_lake._json_is_ours(table) }}

),

marked as (

    select
        *,
        is_load != coalesce(lag(is_load) over ({{ in_order }}), not is_load) as begins
    from ours
    where emitted_at is not null

),

numbered as (

    select
        *,
        sum(cast(begins as integer)) over ({{ in_order }} rows between unbounded preceding and current row) as run_number
    from marked

)

select
    file,
    case when is_load then 'load' else 'change' end as phase,
    min(emitted_at) as first_at,
    max(emitted_at) as last_at
from numbered
group by file, run_number, is_load
{%- endmacro %}

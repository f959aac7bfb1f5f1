{#- One merge straight from the compiled query. Latest: a held row gives way only to a later one. Rejected: the rows that an
    earlier reading of the same files left go, and this reading's come. -#}
{% macro _update_on_athena(table, match, files) -%}
    {%- do dms_lake._drop_leftovers(this) -%}
    {%- set columns = dms_lake._written_columns(table, match) -%}
    {%- set bounds = dms_lake._key_bounds(table) if match else '' -%}
    {%- call statement('main') -%}
merge into {{ this }} as stored
using (
    {%- if match %}
{{ dms_lake._decided(table, columns) }}
    {%- else %}
    select batch.*, cast(null as varchar) as _old_file_path from (
{{ model.compiled_code }}
    ) as batch
    union all
    select {% for column in columns %}null, {% endfor %}_cdc_file_path
    from (select distinct _cdc_file_path from {{ this }} where {{ dms_lake._files_filter(files) }}) as old
    {%- endif %}
) as batch
on {{ match ~ bounds if match else 'stored._cdc_file_path = batch._old_file_path' }}
    {%- if match %}
when matched and {{ 'not ' ~ dms_lake.is_later('stored', 'batch') if table.fills else dms_lake._gives_way('stored', 'batch', table) }} then update set
        {%- for column in columns %}
    {{ column }} = batch.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
when not matched then insert
    {%- else %}
when matched then delete
when not matched and batch._old_file_path is null then insert
    {%- endif %}
    ({{ columns | join(', ') }})
values
    (batch.{{ columns | join(', batch.') }})
    {%- endcall -%}
{%- endmacro %}

{#- The columns that a batch carries, in the order of its query. -#}
{% macro _written_columns(table, match) -%}
    {%- if not match -%}
        {{- return(dms_lake._rejected_columns()) -}}
    {%- endif -%}
    {%- set is_history = model.config.materialized == 'history' -%}
    {{- return((dms_lake._log_columns(table) if is_history else dms_lake._stored_columns(table)) + ['_cdc_undecided']) -}}
{%- endmacro %}

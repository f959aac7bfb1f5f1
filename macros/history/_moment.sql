{#- From when on a change held: its commit, or when the record was built; the file's stamp where files have no time; for the rows of a later
    full load, when that began. Null where nobody can know: the first load, and a change without the time it should have. -#}
{% macro _moment(table, generations) -%}
{%- set stamp = dms_lake.file_stamp('changes._cdc_file_path') -%}
case
    {%- for generation in generations %}
    when changes._cdc_operation = 'load' and changes._cdc_generation = {{ generation.generation }} then cast('{{ generation.began_at }}' as timestamp(6))
    {%- endfor %}
    when changes._cdc_operation = 'load' then null
    {%- if table.operations == 'record' %}
    else coalesce(changes._cdc_committed_at, changes._cdc_emitted_at)
    {%- elif table.timestamp_column %}
    else changes._cdc_committed_at
    {%- else %}
    else {{ dms_lake.text_to('timestamp', dms_lake._stamp_as_text(stamp)) | indent(4) }}
    {%- endif %}
end
{%- endmacro %}

{% macro _stamp_as_text(stamp) -%}
    {%- set digits = dms_lake.digits_of(stamp) -%}
    {%- set parts = [] -%}
    {%- for first, length, after in [(1, 4, '-'), (5, 2, '-'), (7, 2, ' '), (9, 2, ':'), (11, 2, ':'), (13, 2, '.'), (15, 4, '')] -%}
        {%- do parts.append("substr(" ~ digits ~ ", " ~ first ~ ", " ~ length ~ ")" ~ (" || '" ~ after ~ "'" if after)) -%}
    {%- endfor -%}
    {{- return(parts | join(' || ')) -}}
{%- endmacro %}

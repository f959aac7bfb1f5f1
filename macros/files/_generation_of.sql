{#- The generation of a row as an expression over its file path (of a record over its time): a literal wherever the files are of one generation. -#}
{% macro _generation_of(files, table) -%}
    {%- set generations = (files or []) | map(attribute='generation') | unique | list -%}
    {%- if table.generations == 'stream' -%}
    {{ dms_lake._stream_generation('_cdc_emitted_at', table) }}
    {%- elif table.generations == 'snapshots' and generations | length > 1 -%}
    {{ dms_lake._snapshot_number('_cdc_file_path', table) }}
    {%- elif generations | length <= 1 -%}
    {{ generations[0] if generations else '_cdc_generation' }}
    {%- else -%}
    case
        {%- for generation in generations[:-1] %}
        when {{ dms_lake._files_filter(files | selectattr('generation', 'equalto', generation) | list) | indent(8) }} then {{ generation }}
        {%- endfor %}
        else {{ generations[-1] }}
    end
    {%- endif -%}
{%- endmacro %}

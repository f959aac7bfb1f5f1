{#- The predicate that restricts a scan to given files: by literals, which prune on every engine, or by the query that they came
    from, where their paths would not fit into the query's text. The files given are all of that set of their phases and generations. -#}
{% macro _files_filter(files) -%}
    {%- if files is none -%}
    true
    {%- elif not files -%}
    false
    {%- elif files[0].set -%}
    _cdc_file_path in (
        select planned.path from ({{ files[0].set }}) as planned
        where planned.status = 'readable'
            and planned.phase in ({{ dms_lake._literals(files | map(attribute='phase') | unique) }})
            and planned.generation in ({{ files | map(attribute='generation') | unique | join(', ') }})
    )
    {%- else -%}
    _cdc_file_path in (
        {%- for file in files %}
        {{ dms_lake._literal(file.path) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}

{#- Which files of a table are CSV, as a pattern that their paths hold; none where none is. -#}
{% macro _csv_names(table) -%}
    {%- if table.dump -%}
        {{- return('[.]csv([.]gz)?$') -}}
    {%- elif table.is_text and table.file_format == 'csv' -%}
        {{- return('') -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}

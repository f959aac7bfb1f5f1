{#- The files that the current model must read now; none where no query may be sent. -#}
{% macro _unread_files(table) -%}
    {{- return(dms_lake._unread(table).files) -}}
{%- endmacro %}

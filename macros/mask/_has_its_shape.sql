{#- True for a raw row whose fields stand where the registry says, as far as DMS's own fields can tell. -#}
{% macro _has_its_shape(table) -%}
"raw"._raw_problem is null
    and upper(coalesce("raw"._raw_operation, '')) in ('', 'I', 'U', 'D', 'LOAD')
    and ("raw"._raw_timestamp is null or {{ dms_lake.text_to('timestamp', '"raw"._raw_timestamp') }} is not null)
    and (coalesce("raw"._raw_change_seq, '') = '' or {{ dms_lake._is_change_seq('"raw"._raw_change_seq') }})
{%- endmacro %}

{#- True for 35 digits. -#}
{% macro _is_change_seq(expression) -%}
(length({{ expression }}) = 35 and translate({{ expression }}, '0123456789', '') = '')
{%- endmacro %}

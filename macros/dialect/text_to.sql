{#- A text as a value of an engine-neutral type; null, not an error and not a rounded guess, when the text is not one. -#}
{% macro text_to(type, expression) -%}
    {{- return(adapter.dispatch('text_to', 'dms_lake')(type, expression)) -}}
{%- endmacro %}

{% macro default__text_to(type, expression) -%}
    {%- do dms_lake._not_implemented('text_to') -%}
{%- endmacro %}

{% macro duckdb__text_to(type, expression) -%}
    {%- if type == 'varchar' -%}
    {{ expression }}
    {%- elif type == 'binary' -%}
    {#- unhex takes digits without a pair. -#}
    case when length({{ expression }}) % 2 = 0 then try(unhex({{ expression }})) end
    {%- elif type == 'boolean' -%}
    case when lower({{ expression }}) in ('true', 't', '1') then true when lower({{ expression }}) in ('false', 'f', '0') then false end
    {%- else -%}
    case when regexp_full_match({{ expression }}, '{{ dms_lake._text_pattern(type) }}') then try_cast({{ expression }} as {{ dms_lake.data_type(type) }}) end
    {%- endif -%}
{%- endmacro %}

{% macro athena__text_to(type, expression) -%}
    {%- if type == 'varchar' -%}
    {{ expression }}
    {%- elif type == 'binary' -%}
    try(from_hex({{ expression }}))
    {%- elif type == 'boolean' -%}
    case when lower({{ expression }}) in ('true', 't', '1') then true when lower({{ expression }}) in ('false', 'f', '0') then false end
    {%- elif type == 'timestamp' -%}
    {#- The cast knows neither the T nor the Z of ISO 8601; translate would take four times what two replacements do. -#}
    case when regexp_like({{ expression }}, '^({{ dms_lake._text_pattern(type) }})$') then try_cast(replace(replace({{ expression }}, 'T', ' '), 'Z', '') as {{ dms_lake.data_type(type) }}) end
    {%- else -%}
    case when regexp_like({{ expression }}, '^({{ dms_lake._text_pattern(type) }})$') then try_cast({{ expression }} as {{ dms_lake.data_type(type) }}) end
    {%- endif -%}
{%- endmacro %}

{% macro redshift__text_to(type, expression) -%}
    {%- if type == 'varchar' -%}
    {{ expression }}
    {%- elif type == 'binary' -%}
    from_hex({{ expression }})
    {%- elif type == 'boolean' -%}
    case when lower({{ expression }}) in ('true', 't', '1') then true when lower({{ expression }}) in ('false', 'f', '0') then false end
    {%- else -%}
    try_cast({{ expression }} as {{ dms_lake.data_type(type) }})
    {%- endif -%}
{%- endmacro %}

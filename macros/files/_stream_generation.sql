{#- The generation of a record, by when DMS built it. -#}
{% macro _stream_generation(emitted_at, table) -%}
{%- set known = dms_lake._stream_generations(table) -%}
{%- if not known -%}
1
{%- else -%}
case
    {%- for generation in known | reverse %}
    when {{ emitted_at }} >= timestamp '{{ generation.began_at }}' then {{ generation.generation }}
    {%- endfor %}
    else 1
end
{%- endif -%}
{%- endmacro %}

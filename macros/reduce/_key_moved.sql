{#- True where a change moved its key: every key column has a before-image, and one of them differs. -#}
{% macro _key_moved(table) -%}
    (
        {%- for name in table.key %}
        {{ 'or ' if not loop.first }}changes.{{ dms_lake._previous(name) }} != changes.{{ dms_lake._quoted(name) }}
        {%- endfor %}
    )
{%- endmacro %}

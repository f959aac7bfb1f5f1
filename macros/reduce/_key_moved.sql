{#- True where a change moved its key: the before-image of a key column differs. Null says that it did not move: an update whose
    before-image is there and does not fit its type is rejected. -#}
{% macro _key_moved(table) -%}
    (
        {%- for name in table.key %}
        {{ 'or ' if not loop.first }}changes.{{ dms_lake._previous(name) }} != changes.{{ dms_lake._quoted(name) }}
        {%- endfor %}
    )
{%- endmacro %}

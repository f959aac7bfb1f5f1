{#- One field of a headerless record: its position under each layout, null where a layout lacks it. -#}
{% macro _field_by_layout(alias, layouts, table, token) -%}
    {%- set found = [] -%}
    {%- for layout in layouts if alias in layout.positions -%}
        {%- do found.append(layout) -%}
    {%- endfor -%}
    {%- if not found -%}
cast(null as varchar)
    {%- else -%}
case
            {%- for layout in found %}
            when {{ '' if layout.is_load else 'not ' }}records._raw_is_load and records._raw_size = {{ layout.size }}
                then nullif(records._raw_fields[{{ layout.positions[alias] }}], {{ token }})
            {%- endfor %}
        end
    {%- endif -%}
{%- endmacro %}

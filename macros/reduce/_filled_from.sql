{#- The places that a row's columns were filled from, as a JSON object; empty texts where nothing supplied one. -#}
{% macro _filled_from(table) -%}
{%- set filled = {} -%}
{%- for column in dms_lake._fillable(table) -%}
    {%- set at = "coalesce(" ~ dms_lake._quoted('_cdc_at_' ~ column.name) ~ ", '')" -%}
    {%- set own = "case when substr(" ~ at ~ ", 1, 10) = substr(_cdc_order, 1, 10) then " ~ at ~ " else '' end" -%}
    {%- do filled.update({column.name: {'differs': at ~ " != _cdc_order", 'place': own}}) -%}
{%- endfor -%}
{%- if not filled -%}
cast(null as varchar)
{%- else -%}
case
    when _cdc_operation != 'delete' and ({{ filled.values() | map(attribute='differs') | join(' or ') }})
        then '{' || concat_ws(
            ', '
            {%- for name, fill in filled.items() %},
            case when {{ fill.differs }} then {{ dms_lake._literal(tojson(name) ~ ': ') }} || {{ dms_lake.json_quoted(fill.place) }} end
            {%- endfor %}
        ) || '}'
end
{%- endif -%}
{%- endmacro %}

{#- The decimal columns of a record with every digit: as texts, JSON numbers would pass through a double. -#}
{% macro _json_decimals(table, rows) -%}
{%- set shape = {} -%}
{%- for column in table.columns if column.type.startswith('decimal') -%}
    {%- set numbers = modules.re.findall('\\d+', column.type) | map('int') | list -%}
    {%- do shape.update({column.name: 'DECIMAL(38,' ~ (38 - numbers[0] + numbers[1]) ~ ')'}) -%}
{%- endfor -%}
{%- if not shape -%}
cast(null as varchar)
{%- else -%}
coalesce(
    {%- for place in rows %}
    {{ dms_lake._json_decimals_at(place, shape) }}{{ ',' if not loop.last }}
    {%- endfor %}
)
{%- endif -%}
{%- endmacro %}

{#- The numbers at one place: the shape is wrapped in its names, as a part taken out of a record has lost digits already. -#}
{% macro _json_decimals_at(place, shape) -%}
{%- set wrapped = namespace(shape=shape) -%}
{%- for name in place | reverse -%}
    {%- set wrapped.shape = {name: wrapped.shape} -%}
{%- endfor -%}
from_json(_raw_json, {{ dms_lake._literal(tojson(wrapped.shape)) }}){% for name in place %}.{{ dms_lake._quoted(name) }}{% endfor %}
{%- endmacro %}

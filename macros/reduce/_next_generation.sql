{#- The generation that a row of an older one ended with: the first complete one after its own, so that it is the same whether two
    loads were found by one run or by two. Snapshots are too many to list: of them it is the newest. -#}
{% macro _next_generation(table, newest) -%}
{%- set generations = dms_lake._generations(table) if table.generations != 'snapshots' else [] -%}
{%- if generations | length < 2 -%}
{{ newest }}
{%- else -%}
case
    {%- for generation in generations %}
    when contenders._cdc_generation < {{ generation.generation }} then {{ generation.generation }}
    {%- endfor %}
end
{%- endif -%}
{%- endmacro %}

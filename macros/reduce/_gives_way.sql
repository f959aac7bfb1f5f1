{#- Whether a held row gives way to a settled one of its key: to a later one. A snapshot repeats every row, so of those only
    to one that says something else; and only a run that reads the whole newest snapshot knows what that lacks. -#}
{% macro _gives_way(held, settled, table) -%}
{{ dms_lake.is_later(settled, held) }}
{%- if table.generations == 'snapshots' %}
and (
    {%- for column in dms_lake._quoted_all(table.kept | map(attribute='name') | reject('in', table.key) | list) + ['_cdc_issues', '_cdc_is_deleted'] %}
    {{ 'or ' if not loop.first }}{{ settled }}.{{ column }} is distinct from {{ held }}.{{ column }}
    {%- endfor %}
)
{%- if not dms_lake._closes(table) %}
and not {{ settled }}._cdc_is_deleted
{%- endif %}
{%- endif %}
{%- endmacro %}

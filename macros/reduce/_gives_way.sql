{#- Whether a held row gives way to a settled one of its key: to a later one, or to one of the same file where that is read again. A snapshot repeats every row, so of those only
    to one that says something else; and only a run that reads the whole newest snapshot knows what that lacks. -#}
{% macro _gives_way(held, settled, table) -%}
{%- set read_again = (dms_lake._unread_files(table) or []) | selectattr('is_read_again') | list -%}
{%- if read_again and table.generations != 'snapshots' and not table.fills %}
(
    {{ dms_lake.is_later(settled, held) | indent(4) }}
    or {{ dms_lake._files_filter(read_again) | replace('_cdc_file_path', settled ~ '._cdc_file_path') | indent(4) }}
    and {{ settled }}._cdc_file_path = {{ held }}._cdc_file_path
    and {{ settled }}._cdc_generation = {{ held }}._cdc_generation
)
{%- else -%}
{{ dms_lake.is_later(settled, held) }}
{%- endif -%}
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

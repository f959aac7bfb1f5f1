{#- The digits of the snapshot folder in a path: yyyymmdd or yyyymmddhh, whatever stands between them (`2024/01/02`, `day=2024-01-02`).
    The folder stands where the registry's `folder` says {snapshot} (once for each level), else first below the table's folder. -#}
{% macro _snapshot_digits(path, table) -%}
{%- set parts = table.folder.split('{snapshot}') -%}
{%- set before = modules.re.escape(parts[0].rstrip('/')) -%}
{%- set after = modules.re.escape(parts[-1]) if parts | length > 1 else '/[^/]+' -%}
{{ dms_lake.digits_of("regexp_extract(" ~ path ~ ", " ~ dms_lake._literal('^' ~ before ~ '/([^0-9/]*[0-9][^a-zA-Z]*)' ~ after) ~ ", 1)") }}
{%- endmacro %}

{#- The files that a text scan opens: those of this run (a variable, see macros/dialect/read_only.sql), or all of the table's.
    Where a folder holds a dump and events, `kind` picks one; a scan wants at least one file, so where none is left it reads nothing's. -#}
{% macro _scan_files(table, kind=none) -%}
{%- set chosen = "getvariable('" ~ dms_lake._scan_variable(table) ~ "')" -%}
{%- set every = '[' ~ dms_lake._literal(dms_lake._glob(table, kind)) ~ ']' -%}
{%- if table.dump -%}
case
        when {{ chosen }} is null then {{ every }}
        else coalesce(nullif(list_filter({{ chosen }}, lambda path: {{ 'not ' if kind == 'json' }}regexp_matches(path, '[.]csv([.]gz)?$')), []), ['/dev/null'])
    end
{%- else -%}
coalesce({{ chosen }}, {{ every }})
{%- endif -%}
{%- endmacro %}

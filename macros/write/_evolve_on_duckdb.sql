{#- Bring the stored columns to the registry's: new ones are added, wider types widened; a column that the registry no
    longer names keeps its values. What cannot be widened asks for a full refresh. -#}
{% macro _evolve_on_duckdb(table, relation) -%}
    {%- if table is not none -%}
        {%- set stored = dms_lake._held_types(relation) -%}
        {%- for column in dms_lake._own_fill_columns(table) if column not in stored -%}
            {%- do run_query("alter table " ~ relation ~ " add column " ~ column ~ " varchar") -%}
        {%- endfor -%}
        {%- for column in table.kept -%}
            {%- set type = dms_lake.data_type(column.type) -%}
            {%- set held = stored.get(column.name | lower) -%}
            {%- if held is none -%}
                {%- do run_query("alter table " ~ relation ~ " add column " ~ dms_lake._quoted(column.name) ~ " " ~ type) -%}
            {%- elif held != type | replace('(6)', '') | replace('real', 'float') -%}
                {%- do dms_lake._check_widening(table, column.name, held, column.type) -%}
                {%- do dms_lake._check_misfits(table, relation, column, held) -%}
                {%- do run_query("alter table " ~ relation ~ " alter column " ~ dms_lake._quoted(column.name) ~ " type " ~ type) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

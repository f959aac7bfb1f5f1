{#- Bring the stored columns to the registry's: new ones are added, wider types widened; a column that the registry no
    longer names keeps its values. What cannot be widened asks for a full refresh. -#}
{% macro _evolve_on_duckdb(table, relation) -%}
    {%- if table is not none -%}
        {%- set stored = {} -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do stored.update({column.name | lower: column.dtype | lower | replace(' ', '')}) -%}
        {%- endfor -%}
        {%- set is_log = model.config.materialized == 'history' -%}
        {%- for column in (dms_lake._log_fill_columns(table) if is_log else dms_lake._fill_columns(table)) if column not in stored -%}
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

{#- Bring the stored columns to the registry's, by metadata alone: new ones are added, and types widened as far as Iceberg goes.
    What it cannot widen asks for a full refresh; a column that the registry no longer names keeps its values. -#}
{% macro _evolve_on_athena(table) -%}
    {%- if table is not none -%}
        {%- set relation = dms_lake._stored() -%}
        {%- set stored = dms_lake._held_types(relation) -%}
        {%- for column in dms_lake._own_fill_columns(table) if column not in stored -%}
            {%- do run_query("alter table " ~ relation.render_hive() ~ " add columns (" ~ column ~ " string)") -%}
        {%- endfor -%}
        {%- for column in table.kept -%}
            {%- set type = dms_lake._iceberg_type(column.type) -%}
            {%- set held = stored.get(column.name | lower) -%}
            {%- set name = '`' ~ (column.name | lower) ~ '`' -%}
            {%- if held is none -%}
                {%- do run_query("alter table " ~ relation.render_hive() ~ " add columns (" ~ name ~ " " ~ type ~ ")") -%}
            {%- elif held != type -%}
                {%- do dms_lake._check_promotion(table, column.name, held, type) -%}
                {%- do dms_lake._check_misfits(table, relation, column, held) -%}
                {%- do run_query("alter table " ~ relation.render_hive() ~ " change column " ~ name ~ " " ~ name ~ " " ~ type) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- A type of the registry as Glue writes it for an Iceberg table. -#}
{% macro _iceberg_type(type) -%}
    {{- return(ddl_data_type(dms_lake.data_type(type), 'iceberg') | trim | replace('real', 'float')) -}}
{%- endmacro %}

{#- Whether Iceberg can read every old value under the new type without a rewrite. -#}
{% macro _check_promotion(table, name, held, type) -%}
    {%- set numbers = modules.re.findall('\\d+', held ~ '|' ~ type) | map('int') | list -%}
    {%- set is_wider_decimal = (
        held.startswith('decimal') and type.startswith('decimal') and numbers[3] == numbers[1] and numbers[2] >= numbers[0]
    ) -%}
    {%- if not is_wider_decimal and [held, type] not in [['int', 'bigint'], ['float', 'double']] -%}
        {%- do dms_lake._fail(
            model.name, "column `" ~ name ~ "` of `" ~ table.name ~ "` is stored as " ~ held ~ " and declared as " ~ type
            ~ ", which Iceberg cannot read the old values as. Run `dbt run --full-refresh --select " ~ model.name ~ "` to read its files again."
        ) -%}
    {%- endif -%}
{%- endmacro %}

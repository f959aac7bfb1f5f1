{#- Whether every value of the held type is a value of the declared one; otherwise a full refresh must decide. -#}
{% macro _check_widening(table, name, held, type) -%}
    {%- set wider = {
        'smallint': ['integer', 'bigint', 'double', 'varchar'], 'integer': ['bigint', 'double', 'varchar'], 'bigint': ['varchar'],
        'float': ['double', 'varchar'], 'double': ['varchar'], 'date': ['timestamp', 'varchar'], 'boolean': ['varchar'],
        'timestamp': ['varchar'], 'time': ['varchar']
    } -%}
    {%- set numbers = modules.re.findall('\\d+', held ~ '|' ~ type) | map('int') | list -%}
    {%- set is_wider_decimal = (
        held.startswith('decimal') and type.startswith('decimal')
        and numbers[3] >= numbers[1] and numbers[2] - numbers[3] >= numbers[0] - numbers[1]
    ) -%}
    {%- if not is_wider_decimal and type not in wider.get(held, ['varchar'] if held.startswith('decimal') else []) -%}
        {%- do dms_lake._fail(
            model.name, "column `" ~ name ~ "` of `" ~ table.name ~ "` is stored as " ~ held ~ " and declared as " ~ type
            ~ ", which does not hold every old value. Run `dbt run --full-refresh --select " ~ model.name ~ "` to read its files again."
        ) -%}
    {%- endif -%}
{%- endmacro %}

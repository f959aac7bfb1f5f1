{#- CTEs that give every change of a table with partial images, beside what it holds itself: its place (`_cdc_order`), and for each
    column the last value supplied up to it within its generation (`_cdc_now_…`) and the place of the change that supplied it
    (`_cdc_at_…`). A deletion supplies the end of every value,
    and a change with which a row begins the want of what it left out: both by a place of rank 3. -#}
{% macro _carried(relation, result, table, is_deleted) -%}
{%- set window = 'partition by ' ~ (dms_lake._key(table) | join(', ')) ~ ', _cdc_generation order by _cdc_order nulls first rows between unbounded preceding and current row' -%}
{{ result }}_placed as (

    select
        {{ relation }}.*,
        {{ dms_lake._place_text(relation, is_deleted) | indent(8) }} as _cdc_order,
        coalesce(substr({{ relation }}._cdc_unsupplied, 1, 1) = '{', false) as _cdc_begins
    from {{ relation }}

),

{{ result }}_begun as (

    select
        {{ result }}_placed.*,
        substr(_cdc_order, 1, 115) || '3' || substr(_cdc_order, 117) as _cdc_place_of_nothing
    from {{ result }}_placed

),

{{ result }} as (

    select
        {{ result }}_begun.*
        {%- for column in dms_lake._fillable(table) %}
        {%- set is_left_out = dms_lake._leaves_out('_cdc_unsupplied', column.name) %}
        {%- set is_given = "(not " ~ is_left_out ~ " or _cdc_begins)" %},
        {{ dms_lake.last_given(dms_lake._quoted(column.name), is_given, window) }} as {{ dms_lake._quoted('_cdc_now_' ~ column.name) }},
        max(case when not {{ is_left_out }} then _cdc_order when _cdc_begins then _cdc_place_of_nothing end) over ({{ window }}) as {{ dms_lake._quoted('_cdc_at_' ~ column.name) }}
        {%- endfor %}
    from {{ result }}_begun

)
{%- endmacro %}

{#- The columns that `_carried` adds. -#}
{% macro _carried_columns(table) -%}
    {%- set columns = ['_cdc_order'] -%}
    {%- for column in dms_lake._fillable(table) -%}
        {%- do columns.extend([dms_lake._quoted('_cdc_now_' ~ column.name), dms_lake._quoted('_cdc_at_' ~ column.name)]) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}

{#- Conditions, by column: the row lives, and no change of its generation supplied it since it began. -#}
{% macro _missing(table, is_living) -%}
    {%- set missing = {} -%}
    {%- for column in dms_lake._fillable(table) -%}
        {%- set at = "coalesce(" ~ dms_lake._quoted('_cdc_at_' ~ column.name) ~ ", '')" -%}
        {%- do missing.update({column.name: "(" ~ is_living ~ " and (substr(" ~ at ~ ", 1, 10) < substr(_cdc_order, 1, 10) or substr(" ~ at ~ ", 116, 1) = '3'))"}) -%}
    {%- endfor -%}
    {{- return(missing) -}}
{%- endmacro %}

{#- The business columns, each as it was last supplied; null where the row does not live, or nothing supplied it. -#}
{% macro _filled_values(table, missing, is_living) -%}
{%- for column in table.kept -%}
{%- set name = dms_lake._quoted(column.name) -%}
{%- if column.name in missing -%}
case when {{ is_living }} and not {{ missing[column.name] }} then {{ dms_lake._quoted('_cdc_now_' ~ column.name) }} end as {{ name }},
{%- else -%}
{{ name }},
{%- endif -%}
{{ '\n' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- CTEs from `json_records` to `fields`: the named fields, every declared column and the key's before-image as texts, each from
    the first of its places that holds one. All of a record is taken out in one pass. `fields` maps an alias to its places
    (lists of names), `rows` and `before` are the places of the row's columns and of its before-image. -#}
{% macro _json_fields(table, fields, rows, before) -%}
{%- set places = {} -%}
{%- do places.update(fields) -%}
{%- for column in table.columns -%}
    {%- do places.update({column.name: dms_lake._json_places(rows, column.name)}) -%}
{%- endfor -%}
{%- for name in table.old_key -%}
    {%- do places.update({'_cdc_previous_' ~ name: dms_lake._json_places(before, name)}) -%}
{%- endfor -%}
{%- if table.change_seq_column -%}
    {%- do places.update({'_raw_change_seq': dms_lake._json_places(rows, table.change_seq_column)}) -%}
{%- endif -%}
{%- set paths = places.values() | sum(start=[]) -%}
{%- set counter = namespace(taken=0) -%}
picked as materialized (

    select
        _raw_record,
        _raw_file_path,
        _raw_file_row_number,
        _raw_json is not null as _raw_is_object,
        {{ dms_lake._json_decimals(table, rows) }} as _raw_decimals,
        json_extract_string(_raw_json, [
            {%- for path in paths %}
            {{ dms_lake._json_path(path) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as _raw_picked
    from json_records

),

fields as (

    select
        {%- for alias, found in places.items() %}
        {%- set text -%}
        coalesce({% for place in found %}_raw_picked[{{ counter.taken + loop.index }}]{{ ', ' if not loop.last }}{% endfor %}, null)
        {%- endset %}
        {%- set counter.taken = counter.taken + found | length %}
        {{ dms_lake._json_text(table, alias, text) }} as {{ dms_lake._quoted(alias) }},
        {%- endfor %}
        {%- if not table.change_seq_column %}
        cast(null as varchar) as _raw_change_seq,
        {%- endif %}
        _raw_is_object,
        _raw_record,
        _raw_file_path,
        _raw_file_row_number
    from picked

)
{%- endmacro %}

{#- Where a column may stand: under each place, by its own name or (Firehose's conversion lowers names) its lower-case one. -#}
{% macro _json_places(places, name) -%}
    {%- set found = [] -%}
    {%- for place in places -%}
        {%- for spelling in [name, name | lower] | unique(case_sensitive=true) -%}
            {%- do found.append(place + [spelling]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{#- Versions whose time overlaps that of the one before, or leaves a gap to it, or ends before it begins. -#}
{% test no_overlapping_versions(model, key) %}
{%- if key is string or not key -%}
    {%- do dms_lake._fail("no_overlapping_versions", "`key` is `" ~ key ~ "`; it must be a list of column names, e.g. [id].") -%}
{%- endif -%}
{%- set in_order = 'partition by ' ~ (dms_lake._quoted_all(key) | join(', ')) ~ ' order by _cdc_version_number nulls first' -%}
with

versions as (

    select
        {{ dms_lake._quoted_all(key) | join(', ') }},
        _cdc_version_number,
        _cdc_valid_from,
        _cdc_valid_to,
        _cdc_is_current,
        lag(_cdc_valid_to) over ({{ in_order }}) as previous_valid_to,
        row_number() over ({{ in_order }}) as place,
        count(*) over (partition by {{ dms_lake._quoted_all(key) | join(', ') }}) as versions
    from {{ model }}

),

wrong_versions as (

    select * from versions
    where _cdc_version_number != place
        or (place > 1 and (_cdc_valid_from is null or previous_valid_to is null or _cdc_valid_from != previous_valid_to))
        or _cdc_valid_to < _cdc_valid_from
        or _cdc_is_current != (place = versions)
        or _cdc_is_current != (_cdc_valid_to is null)

)

select * from wrong_versions
{% endtest %}

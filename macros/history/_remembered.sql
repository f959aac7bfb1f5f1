{#- The CTEs that end in `remembered`: stored changes of the keys that the run touches. Of a key whose new changes all come after what is
    stored its tail, the version that holds and the last change; of any other all of them. A file that is read again
    replaces what an earlier reading of it left. -#}
{% macro _remembered(table, plan) -%}
{%- if plan.days -%}
{{ dms_lake._remembered_days(table, plan) }}
{%- else -%}
{%- set by_tail = dms_lake._knows_tails(table, plan) -%}
{%- set whole = 'late' if by_tail else 'touched' -%}
touched as (

    select {{ dms_lake._key(table) | join(', ') }} from incoming
    {%- if plan.newest > 1 %}
    union all
    select {{ dms_lake._key(table) | join(', ') }} from {{ dms_lake._log(this) }}
    where _cdc_is_last
        and not _cdc_is_deleted
        and _cdc_generation < {{ plan.newest }}
    {%- endif %}

),

{{ dms_lake._tails(table, plan) if by_tail }}

remembered as (

    {% if by_tail -%}
    select
        tail.*,
        false as _is_whole
    from tail
    where not exists (select 1 from late where {{ dms_lake._same_key('late', 'tail', table) }})
    union all
    {% endif -%}
    select
        stored.*,
        true as _is_whole
    from {{ dms_lake._log(this) }} as stored
    where exists (select 1 from {{ whole }} where {{ dms_lake._same_key(whole, 'stored', table) }})
        and stored._cdc_file_path is not null
        {%- if plan.files %}
        and not {{ dms_lake._is_read_again('stored', table, plan) | indent(8) }}
        {%- endif %}

),
{%- endif -%}
{%- endmacro %}

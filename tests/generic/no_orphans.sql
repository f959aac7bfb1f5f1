{#- Living rows whose alternate key (`alternate_key` in the registry) a later row holds too: what a change of the key left behind where
    no before-image said which row it was. A null in the alternate key is no value of it. -#}
{% test no_orphans(model) %}
{%- if not execute -%}
select 1 as parsing from {{ model }} where false
{%- else -%}
{%- set table = dms_lake._table_of(model, 'no_orphans') -%}
{%- if not table.alternate_key -%}
    {%- do dms_lake._fail("no_orphans", "the registry entry `" ~ table.name ~ "` names no `alternate_key`. Name there the columns that the source keeps unique beside the key, e.g. [email], or remove the test.") -%}
{%- endif -%}
{%- set names = dms_lake._quoted_all(table.alternate_key) -%}
with

living as (

    select * from {{ model }}
    where {{ names | join(' is not null and ') }} is not null

),

ranked as (

    select
        living.*,
        row_number() over (
            partition by {{ names | join(', ') }}
            order by {{ dms_lake.order_by('living') | indent(16) }}
        ) as _cdc_place
    from living

),

orphans as (

    select
        {%- for name in dms_lake._quoted_all(table.key) + names %}
        {{ name }},
        {%- endfor %}
        _cdc_committed_at,
        _cdc_file_path
    from ranked
    where _cdc_place > 1

)

select * from orphans
{%- endif -%}
{% endtest %}

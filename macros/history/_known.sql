{#- The CTE `known`: the new changes, and beside them every stored change of the keys that the run touches. A file that is
    read again replaces what an earlier reading of it left. -#}
{% macro _known(table, plan) -%}
{%- set columns = dms_lake._change_columns(table) -%}
{#- A snapshot that arrives after a later one may lack any key that was alive around it. -#}
{%- set older = (plan.files or []) | map(attribute='generation') | reject('equalto', plan.newest) | list -%}
{%- set is_late_snapshot = table.generations == 'snapshots' and older -%}
{%- if plan.is_kept -%}
touched as (

    select {{ dms_lake._key(table) | join(', ') }} from incoming
    {%- if plan.newest > 1 %}
    union all
    select {{ dms_lake._key(table) | join(', ') }} from {{ dms_lake._log(this) }}
    where _cdc_is_last
        {%- if not is_late_snapshot %}
        and not _cdc_is_deleted
        and _cdc_generation < {{ plan.newest }}
        {%- endif %}
    {%- endif %}

),

remembered as (

    select * from {{ dms_lake._log(this) }} as stored
    where exists (select 1 from touched where {{ dms_lake._same_key('touched', 'stored', table) }})
        and stored._cdc_file_path is not null
        {%- if plan.files %}
        and not (
            {{ dms_lake._files_filter(plan.files) | replace('_cdc_file_path', 'stored._cdc_file_path') | indent(12) }}
            {%- if table.generations != 'stream' %}
            and stored._cdc_generation = {{ dms_lake._generation_of(plan.files, table) | replace('_cdc_file_path', 'stored._cdc_file_path') | indent(12) }}
            {%- endif %}
        )
        {%- endif %}

),

{% endif -%}
known as (

    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        _cdc_operation = 'delete' as _cdc_is_deleted,
        true as _is_new
    from incoming
    {%- if plan.is_kept %}
    union all
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        _cdc_is_deleted,
        false as _is_new
    from remembered
    {%- endif %}

)
{%- endmacro %}

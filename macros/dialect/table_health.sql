{#- How tables are stored now, from their metadata alone: data_files, excess_files (more than full files of 128 MB would take, partition
    by partition), delete_files, old_snapshots (older than the hours that each is kept). `items` are {name, relation, hours}. -#}
{% macro table_health(items) -%}
    {{- return(adapter.dispatch('table_health', 'dms_lake')(items)) -}}
{%- endmacro %}

{% macro default__table_health(items) -%}
    {%- do dms_lake._not_implemented('table_health') -%}
{%- endmacro %}

{% macro athena__table_health(items) -%}
    {%- for item in items %}
        {%- set name = item.relation.identifier -%}
        {%- set files = item.relation.incorporate(path={'identifier': name ~ '$files'}) -%}
        {%- set partitions = item.relation.incorporate(path={'identifier': name ~ '$partitions'}) -%}
        {%- set snapshots = item.relation.incorporate(path={'identifier': name ~ '$snapshots'}) %}
select
    {{ dms_lake._literal(item.name) }} as name,
    (select count(*) from {{ files }} where content = 0) as data_files,
    (select count(*) from {{ files }} where content != 0) as delete_files,
    (
        select coalesce(sum(greatest(file_count - cast(ceiling(total_size / 134217728e0) as bigint), 0)), 0)
        from {{ partitions }}
    ) as excess_files,
    (
        select count(*) from {{ snapshots }}
        where committed_at < current_timestamp - interval '{{ item.hours | int }}' hour
    ) as old_snapshots
        {%- if not loop.last %}
union all
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

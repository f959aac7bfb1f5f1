{#- Which build of the current model's table stands, as a text; none where it needs no name. On Athena it is the folder that a full
    refresh gave the table, which moves with Glue's pointer: from that moment on what was noted for the older build counts no
    longer, and nothing need be deleted from the ledger. On DuckDB one transaction replaces a table and what was noted for it. -#}
{% macro _build() -%}
    {%- if target.type == 'athena' -%}
        {%- set folder = adapter.get_glue_table_location(dms_lake._stored()) -%}
        {{- return(folder.rstrip('/').split('/')[-1] if folder else none) -}}
    {%- endif -%}
{%- endmacro %}

{#- The end of a condition: rows of the ledger that count for a build; all of them where it has no name. -#}
{% macro _of_build(alias, build) -%}
    {%- if build %}
        and {{ alias }}.build = {{ dms_lake._literal(build) }}
    {%- endif -%}
{%- endmacro %}

{#- The reads that count, over all models: of each those of the build of its table that was noted last. -#}
{% macro _counting_reads() -%}
{%- set reads = dms_lake._ledger('reads') -%}
select noted.*
from {{ reads }} as noted
inner join (select model, max_by(build, read_at) as build from {{ reads }} group by model) as newest
    on noted.model = newest.model
    and coalesce(noted.build, '') = coalesce(newest.build, '')
{%- endmacro %}

{#- What tables had read that were replaced since goes out of the ledger; only for room, as it counts no longer. -#}
{% macro _forget_older_builds() -%}
    {%- set reads = dms_lake._ledger('reads') -%}
    {%- do run_query(
        "delete from " ~ reads ~ " where build not in (select max_by(build, read_at) from " ~ reads ~ " where build is not null group by model)"
    ) -%}
{%- endmacro %}

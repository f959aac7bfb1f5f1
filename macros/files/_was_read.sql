{#- Whether the current model has read a listed file before, in another version or for another reading; what latest asks
    (`_gives_way`). `at` is a snapshot of the ledger. -#}
{% macro _was_read(name, build, at) -%}
files.file in (
            select seen.file from {{ dms_lake._ledger('reads') }}{{ at }} as seen
            where seen.model = {{ dms_lake._literal(model.unique_id) }}
                and seen.source_table = {{ name }} {{- dms_lake._of_build('seen', build) }}
        )
{%- endmacro %}

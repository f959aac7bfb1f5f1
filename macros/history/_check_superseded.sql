{#- Refuse a full refresh that would lose versions: they came from files that are no longer there to be read. -#}
{% macro _check_superseded(table) -%}
    {%- if flags.FULL_REFRESH and not var('dms_lake_force_full_refresh', false) -%}
        {%- set lost = run_query(
            "select reads.file from " ~ dms_lake._ledger('reads') ~ " as reads where reads.model = " ~ dms_lake._literal(model.unique_id)
            ~ dms_lake._of_build('reads', dms_lake._build()) ~ " and not exists (select 1 from " ~ dms_lake._ledger('files') ~ " as files where files.source_table = reads.source_table"
            ~ " and files.file = reads.file and files.last_modified = reads.last_modified and files.status = 'readable')"
            ~ " order by reads.file nulls first"
        ).rows -%}
        {%- if lost -%}
            {%- do dms_lake._fail(
                "history", lost | length ~ " file(s) that `" ~ model.name ~ "` was built from were replaced, expired or are gone, e.g. `"
                ~ lost[0][0] ~ "`; a full refresh would lose the versions that came from them. Leave the model out (`--exclude " ~ model.name
                ~ "`), or force it with `--vars 'dms_lake_force_full_refresh: true'`."
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

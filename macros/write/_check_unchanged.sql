{#- A file that was replaced while it was read must not count as read in the version that was listed. Looks at local files
    only: an object of S3 is replaced as a whole, and its reader notices. The session variable holds the files of the run. -#}
{% macro _check_unchanged(table, files) -%}
    {%- if files and '://' not in table.folder -%}
        {%- set changed = run_query(
            "select files.path from " ~ dms_lake._ledger('files') ~ " as files inner join read_blob(getvariable('"
            ~ dms_lake._scan_variable(table) ~ "')) as there on there.filename = files.path where files.source_table = "
            ~ dms_lake._literal(table.name) ~ " and files.status = 'readable' and (there.size != files.size_bytes"
            ~ " or cast(there.last_modified at time zone 'UTC' as timestamp) != files.last_modified) limit 1"
        ).rows -%}
        {%- if changed -%}
            {%- do dms_lake._fail(model.name, "`" ~ changed[0][0] ~ "` of `" ~ table.name ~ "` was replaced while it was read. Nothing of this run was kept; run again when the file is whole.") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

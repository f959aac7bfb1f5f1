{#- What a run of latest or history must do: the unread files, the newest complete generation, and whether there is anything to write.
    A truncate has no files of its own, so living rows of an older generation are reason enough. -#}
{% macro _plan(table) -%}
    {%- set unread = dms_lake._unread(table) -%}
    {%- set plan = {'files': unread.files, 'newest': unread.newest, 'is_kept': dms_lake._is_incremental(), 'must_write': true} -%}
    {%- if unread.files is not none -%}
        {%- do plan.update({'must_write': unread.files | length > 0 or not plan.is_kept}) -%}
        {%- if not plan.must_write and plan.newest > 1 and not flags.EMPTY and dms_lake._closes(table) -%}
            {%- set outlived = run_query(
                "select 1 from " ~ dms_lake._stored() ~ " where " ~ ("_cdc_is_last and " if model.config.materialized == 'history' else "")
                ~ "not _cdc_is_deleted and _cdc_generation < " ~ plan.newest ~ " limit 1"
            ).rows -%}
            {%- do plan.update({'must_write': outlived | length > 0}) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(plan) -}}
{%- endmacro %}

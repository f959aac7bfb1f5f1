{#- What a run of latest or history must do: the unread files, the newest complete generation, and whether there is anything to write.
    A truncate has no files of its own, so living rows of an older generation are reason enough. -#}
{% macro _plan(table) -%}
    {%- set files = dms_lake._unread_files(table) -%}
    {%- set plan = {'files': files, 'newest': 1, 'is_kept': dms_lake._is_incremental(), 'must_write': true} -%}
    {%- if files is not none -%}
        {%- set rows = run_query(
            "select coalesce(max(generation), 1) from " ~ dms_lake._ledger('generations')
            ~ " where state = 'complete' and source_table = " ~ dms_lake._literal(table.name)
        ).rows -%}
        {%- do plan.update({'newest': rows[0][0], 'must_write': files | length > 0 or not plan.is_kept}) -%}
        {%- if not plan.must_write and plan.newest > 1 and not flags.EMPTY -%}
            {%- set outlived = run_query(
                "select 1 from " ~ dms_lake._stored() ~ " where " ~ ("_cdc_is_last and " if model.config.materialized == 'history' else "")
                ~ "not _cdc_is_deleted and _cdc_generation < " ~ plan.newest ~ " limit 1"
            ).rows -%}
            {%- do plan.update({'must_write': outlived | length > 0}) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(plan) -}}
{%- endmacro %}

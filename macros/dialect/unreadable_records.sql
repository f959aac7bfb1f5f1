{#- Records of new text files that the engine's reader would stop at, as {file_path, line, error_type}, without their text: the
    reader's own error quotes the record. Asked for tables with masks only, as it reads the files once more. -#}
{% macro unreadable_records(table, paths) -%}
    {{- return(adapter.dispatch('unreadable_records', 'dms_lake')(table, paths)) -}}
{%- endmacro %}

{% macro default__unreadable_records(table, paths) -%}
    {%- do dms_lake._not_implemented('unreadable_records') -%}
{%- endmacro %}

{% macro duckdb__unreadable_records(table, paths) -%}
    {%- set is_json = table.file_format == 'json' -%}
    {%- set found = [] -%}
    {%- for kind in [true, false] -%}
        {%- set chosen = [] -%}
        {%- for path in paths if kind == (is_json and not (table.dump and modules.re.search(dms_lake._csv_names(table), path))) -%}
            {%- do chosen.append(path) -%}
        {%- endfor -%}
        {%- if chosen -%}
            {%- do run_query(
                "select count(columns(*)) from read_csv(" ~ dms_lake._file_list(chosen) ~ ", "
                ~ (dms_lake._json_options(table) if kind else dms_lake._csv_options(table, dms_lake._csv_width(table), 16777216))
                ~ ", store_rejects = true, rejects_scan = 'dms_lake_scans', rejects_table = 'dms_lake_rejects')"
            ) -%}
            {%- do found.extend(run_query(
                "select scans.file_path, min(rejects.line) as line, min(rejects.error_type) as error_type from dms_lake_rejects as rejects"
                ~ " inner join dms_lake_scans as scans using (scan_id, file_id) group by scans.file_path order by scans.file_path nulls first limit 5"
            ).rows) -%}
            {%- do run_query("drop table dms_lake_rejects; drop table dms_lake_scans") -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{#- Say so where no file of a table was ever found, but files lie in a folder that differs from the table's in letter case alone:
    a table without rows looks like one that is empty at the source. Asked of tables that never had a file only. -#}
{% macro _check_folder_case(table) -%}
    {%- if not dms_lake._last_generation(table).generation -%}
        {%- set root = table.root.rstrip('/') -%}
        {%- set looked_for = table.folder[root | length + 1:] -%}
        {%- for row in run_query(dms_lake._check_folder_case_query(table, root, looked_for)).rows -%}
            {%- set there = [] -%}
            {%- for part in looked_for.split('/') -%}
                {%- do there.append(part if '{snapshot}' in part else row.folder.split('/')[loop.index0]) -%}
            {%- endfor -%}
            {%- set there = there | join('/') -%}
            {%- if there != looked_for -%}
                {%- do exceptions.warn(
                    "dms_lake: `" ~ table.name ~ "` has no rows: no file of it was ever found in `" ~ table.folder ~ "`, but files lie in `"
                    ~ root ~ "/" ~ there ~ "`, which differs in upper and lower case alone. If they are its files, set `folder: \""
                    ~ there ~ "\"` in its registry entry."
                ) -%}
                {{- return('') -}}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- The folders below the root that hold files and are named as the table's but for letter case. -#}
{% macro _check_folder_case_query(table, root, looked_for) -%}
{%- set file = "substr(filename, " ~ (root | length + 2) ~ ")" -%}
select distinct array_to_string(string_split({{ file }}, '/')[:{{ looked_for.split('/') | length }}], '/') as folder
from read_blob([
    {%- for pattern in dms_lake._check_folder_case_patterns(root, looked_for) %}
    {{ dms_lake._literal(dms_lake._as_pattern(root) ~ '/' ~ pattern ~ '/**') }}{{ ',' if not loop.last }}
    {%- endfor %}
])
where not {{ dms_lake._is_not_of_interest(file) }}
order by folder nulls first
{%- endmacro %}

{#- On a disk one pattern for every spelling. In a bucket, where such a pattern would list all that lies below the root, the usual
    spellings, each of which is a prefix. -#}
{% macro _check_folder_case_patterns(root, looked_for) -%}
    {%- set parts = looked_for.split('{snapshot}') -%}
    {%- set patterns = [] -%}
    {%- if '://' in root -%}
        {%- set text = parts | join('\n') -%}
        {%- for spelling in [text.upper(), text.lower(), text.title()] -%}
            {%- do patterns.append(dms_lake._as_pattern(spelling) | replace('\n', '*')) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for part in parts -%}
            {%- set letters = [] -%}
            {%- for letter in part -%}
                {%- do letters.append('[' ~ letter | lower ~ letter | upper ~ ']' if modules.re.match('[a-zA-Z]', letter) else dms_lake._as_pattern(letter)) -%}
            {%- endfor -%}
            {%- do patterns.append(letters | join) -%}
        {%- endfor -%}
        {{- return([patterns | join('*')]) -}}
    {%- endif -%}
    {{- return(patterns) -}}
{%- endmacro %}

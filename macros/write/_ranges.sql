{#- Ranges of a column for the rows of some files: at most 50, each of some 500,000 rows (a small file is read whole, so finer
    cuts save nothing, and Athena writes at most 100 partitions at once). None where the rows would not fill two. -#}
{% macro _ranges(column, type, files) -%}
    {#- Half a million rows of a few columns take more than this; most tables are not even asked. -#}
    {%- if files | sum(attribute='size_bytes') > 8000000 -%}
        {%- set changes = graph.nodes[model.depends_on.nodes | select('in', graph.nodes) | first].relation_name -%}
        {%- set name = dms_lake._quoted(column) -%}
        {%- set first = "min(" ~ name ~ ")" -%}
        {%- set last = "max(" ~ name ~ ")" -%}
        {%- if type in ['date', 'timestamp'] -%}
            {%- set width = "date_diff('day', " ~ first ~ ", " ~ last ~ ")" -%}
        {%- else -%}
            {%- set width = "cast(" ~ last ~ " as double) - cast(" ~ first ~ " as double)" -%}
        {%- endif -%}
        {%- set facts = run_query(
            "select count(*) as row_count, " ~ width ~ " as width from " ~ changes ~ " where " ~ dms_lake._files_filter(files)
        ).rows[0] -%}
        {%- set most = [(facts.row_count / 500000) | int, 50] | min -%}
        {%- if most >= 2 and facts.width -%}
            {{- return(dms_lake._range(column, type, facts.width | float, most)) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The finest round range that cuts a width into at most so many pieces. -#}
{% macro _range(column, type, width, most) -%}
    {%- set steps = [] -%}
    {%- if type in ['date', 'timestamp'] -%}
        {%- for transform, days in [('day', 1), ('month', 31), ('year', 366)] if width / days <= most -%}
            {%- do steps.append({'transform': transform, 'column': column, 'size': none}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for power in range(19) -%}
            {%- for digit in [1, 2, 5] if width / (digit * 10 ** power) <= most -%}
                {%- do steps.append({'transform': 'truncate', 'column': column, 'size': digit * 10 ** power}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(steps[0] if steps else none) -}}
{%- endmacro %}

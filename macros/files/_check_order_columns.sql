{#- A column that the registry orders changes by, and that no change file holds, is an error: changes of a key would be taken in the
    order of their rows, without a word. Load files may lack it (DMS writes no change sequence into them), and so may some
    change files beside others. -#}
{% macro _check_order_columns(table, paths, rows) -%}
    {%- set names = rows | map(attribute='column_name') | list -%}
    {#- a file without a header line (a row without a name) has an error of its own -#}
    {%- if paths and none not in names -%}
        {%- for field in ['timestamp_column', 'change_seq_column'] if table[field] and not dms_lake._check_order_columns_found(table, field, rows) -%}
            {#- the oldest files first: where they held it, the first part of them answers -#}
            {%- set known = run_query(
                "select path from dms_lake_listing where phase = 'change' and size_bytes > 0 and not is_left_over order by stamp nulls first"
            ).columns[0].values() | list -%}
            {%- set held = [] -%}
            {%- for batch in known | batch(500) if not held -%}
                {%- if dms_lake._check_order_columns_found(table, field, dms_lake._columns_of(table, batch)) -%}
                    {%- do held.append(true) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if not held -%}
                {%- do dms_lake._fail(
                    "registry entry `" ~ table.name ~ "`", "`" ~ field ~ "` is `" ~ table[field] ~ "`, but no change file holds that column, e.g. `"
                    ~ paths[0] ~ "`: " ~ (names | unique(case_sensitive=true) | sort | join(', '))
                    ~ ". Correct it; or leave it out if DMS writes no such column."
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro _check_order_columns_found(table, field, rows) -%}
    {{- return(table[field] | lower in rows | map(attribute='column_name') | map('lower') | list) -}}
{%- endmacro %}

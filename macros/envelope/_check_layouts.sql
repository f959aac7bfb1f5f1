{#- Two layouts of one phase with the same number of fields cannot be told apart without a header line. -#}
{% macro _check_layouts(table) -%}
    {%- if (table.file_format == 'csv' or table.dump) and not table.header -%}
        {%- set layouts = dms_lake._csv_layouts(table) -%}
        {%- for is_load in [true, false] -%}
            {%- set sizes = layouts | selectattr('is_load', 'equalto', is_load) | map(attribute='size') | list -%}
            {%- if sizes | unique | list | length != sizes | length -%}
                {%- do dms_lake._fail(
                    "registry entry `" ~ table.name ~ "`",
                    "`added` and `dropped` give two layouts of " ~ (sizes | join(', ')) ~ " fields each, which headerless CSV cannot tell apart. Switch AddColumnName on and set `header: true`."
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

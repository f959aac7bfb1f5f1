{#- Remove what an earlier write left beside a table: the one that it replaced, and one that a crash left unfinished.
    A crash inside the swap can leave two names on one folder; then the name goes and the files stay. -#}
{% macro _drop_leftovers(goal) -%}
    {%- for suffix in ['__fresh', '__replaced'] -%}
        {%- set leftover = load_relation(dms_lake._beside(goal, suffix)) -%}
        {%- if leftover is not none -%}
            {%- set folder = (adapter.get_glue_table_location(leftover) or '').rstrip('/') -%}
            {%- if folder and folder != (adapter.get_glue_table_location(goal) or '').rstrip('/') -%}
                {%- do adapter.delete_from_s3(folder) -%}
            {%- endif -%}
            {%- do adapter.delete_from_glue_catalog(leftover) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

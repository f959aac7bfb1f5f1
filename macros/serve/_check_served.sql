{#- Refuse types that Redshift cannot read from what Athena writes. A smallint or a time of the registry is an integer or a text there. -#}
{% macro _check_served(name, columns) -%}
    {%- for column in columns -%}
        {%- set decimal = modules.re.fullmatch('(?:decimal|numeric)\\((\\d+)(?:,(\\d+))?\\)', column.type) -%}
        {%- if decimal and (decimal.group(1) | int > 38 or (decimal.group(2) or 0) | int > 37) -%}
            {%- do dms_lake._fail("served", "column `" ~ column.name ~ "` of `" ~ name ~ "` is a " ~ column.type ~ "; Redshift has at most 38 digits, 37 of them behind the point. Cast it to fewer, or to double or varchar, in a model that Athena builds, and serve that.") -%}
        {%- elif column.type.split('(')[0] in ['tinyint', 'char', 'uuid'] -%}
            {%- do dms_lake._fail("served", "column `" ~ column.name ~ "` of `" ~ name ~ "` is a " ~ column.type ~ ", which Redshift cannot read from Athena's tables. Cast it to integer or varchar in the model.") -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

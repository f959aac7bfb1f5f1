{#- Both arguments of a condition on a history must be texts: the name that it has in the query, and an expression of the kind `what`. -#}
{% macro _check_expressions(macro_name, alias, name, given, what) -%}
    {%- for argument, value, needed in [('alias', alias, "the name under which a history stands in the query, e.g. 'product'."), (name, given, what)] if value is not string or not value.strip() -%}
        {%- do dms_lake._fail(macro_name, "`" ~ argument ~ "` is `" ~ value ~ "`; it must be a text, " ~ needed) -%}
    {%- endfor -%}
{%- endmacro %}

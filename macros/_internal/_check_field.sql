{#- One field of a registry entry against its specification; the message names the table, the field, what came and the cure. -#}
{% macro _check_field(name, field, given, spec) -%}
    {%- set where = "registry entry `" ~ name ~ "`" -%}
    {%- if given is none or given is undefined -%}
        {%- if spec.required -%}
            {%- do dms_lake._fail(where, "`" ~ field ~ "` is missing. Give it in the table's or the source's `config.meta.dms_lake`.") -%}
        {%- endif -%}
    {%- elif spec.kind == 'choice' and given not in spec.allowed -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` is `" ~ given ~ "`; allowed: " ~ (spec.allowed | join(', ')) ~ ".") -%}
    {%- elif spec.kind == 'flag' and given is not boolean -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` is `" ~ given ~ "`; allowed: true, false.") -%}
    {%- elif spec.kind == 'number' and (given is not integer or given is boolean or given < 1) -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` is `" ~ given ~ "`; it must be a whole number from 1.") -%}
    {%- elif spec.kind == 'text' and (given is not string or (given == '' and not spec.may_be_empty)) -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` is `" ~ given ~ "`; it must be a text in quotes.") -%}
    {%- elif spec.kind == 'names' and (given is string or given is mapping or given is not iterable) -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` is `" ~ given ~ "`; it must be a list of column names, e.g. [id].") -%}
    {%- endif -%}
{%- endmacro %}

{#- A column's mask, checked, as {word, text, condition}; none where it has none. YAML reads `mask: null` as nothing given, so the
    field itself says that there is a mask. -#}
{% macro _column_mask(where, column, type, meta, columns) -%}
    {%- if 'mask' not in meta -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set given = 'null' if meta.mask is none else meta.mask -%}
    {%- set is_condition = given is mapping and given.keys() | list == ['keep_if'] and given.keep_if is string -%}
    {%- if not is_condition and given not in ['drop', 'hash', 'last4', 'null'] -%}
        {%- do dms_lake._fail(where, "column `" ~ column ~ "` has the `mask` `" ~ given ~ "`; allowed: drop, hash, last4, null, {keep_if: \"<condition>\"}.") -%}
    {%- elif given in ['hash', 'last4'] and type != 'varchar' -%}
        {%- do dms_lake._fail(where, "column `" ~ column ~ "` has the `mask` `" ~ given ~ "`, which works on texts, and the `data_type` `" ~ type ~ "`. Declare it as varchar, or use drop, null or keep_if.") -%}
    {%- endif -%}
    {{- return({
        'word': 'keep_if' if is_condition else given,
        'text': 'keep_if ' ~ given.keep_if if is_condition else given,
        'condition': dms_lake._condition(where, column, given.keep_if, columns) if is_condition else [],
    }) -}}
{%- endmacro %}

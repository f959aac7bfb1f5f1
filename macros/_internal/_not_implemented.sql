{#- What every `default__` in macros/dialect does: a word nobody wrote for this engine is an error, not a guess. -#}
{% macro _not_implemented(word) -%}
    {%- do dms_lake._fail(
        word, "not written for the adapter `" ~ target.type ~ "`; duckdb, athena and redshift are supported."
    ) -%}
{%- endmacro %}

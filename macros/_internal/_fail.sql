{#- Raise a compile error in the house form: who, what is wrong, what came, the cure. -#}
{% macro _fail(where, message) -%}
    {%- do exceptions.raise_compiler_error("dms_lake." ~ where ~ ": " ~ message) -%}
{%- endmacro %}

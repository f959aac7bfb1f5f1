{#- True where a query may be sent: not while parsing, not offline (`--no-introspect`), not inside a unit test. -#}
{% macro _can_query() -%}
    {{- return(execute and flags.INTROSPECT is not false and model.resource_type != 'unit_test') -}}
{%- endmacro %}

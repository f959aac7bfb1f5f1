{#- What a text must look like to be a value of a type: engines differ in what their casts let through, rounded or cut. -#}
{% macro _text_pattern(type) -%}
    {%- set whole = '[+-]?[0-9]+' -%}
    {%- set number = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?' -%}
    {%- set day = '[0-9]{4}-[0-9]{2}-[0-9]{2}' -%}
    {%- set clock = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?' -%}
    {%- if type in ['bigint', 'integer', 'smallint'] -%}
        {{- return(whole) -}}
    {%- elif type.startswith('decimal') -%}
        {{- return('[+-]?([0-9]+([.][0-9]{0,' ~ type[:-1].split(',')[1] ~ '}0*)?|[.][0-9]{1,' ~ type[:-1].split(',')[1] ~ '}0*)') -}}
    {%- elif type in ['double', 'real'] -%}
        {{- return(number ~ '|[+-]?(Infinity|infinity|inf)|NaN|nan') -}}
    {%- elif type == 'date' -%}
        {{- return(day) -}}
    {%- elif type == 'time' -%}
        {{- return(clock) -}}
    {%- else -%}
        {{- return(day ~ '[ T]' ~ clock ~ 'Z?') -}}
    {%- endif -%}
{%- endmacro %}

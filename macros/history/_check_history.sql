{#- What a table needs before it can have a history. -#}
{% macro _check_history(table) -%}
    {%- if not table.history -%}
        {%- do dms_lake._fail("history", "the registry entry `" ~ table.name ~ "` has `history` `" ~ table.history ~ "`. Declare `history: true` there, or remove the model `" ~ model.name ~ "`.") -%}
    {%- endif -%}
{%- endmacro %}

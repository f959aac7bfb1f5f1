{#- Run statements on the ledger: in one transaction where the engine has them, else one commit each, in this order. -#}
{% macro _change_ledger(statements) -%}
    {%- if target.type == 'duckdb' -%}
        {%- do run_query("begin transaction; " ~ (statements | join("; ")) ~ "; commit;") -%}
    {%- else -%}
        {%- for statement in statements -%}
            {%- do run_query(statement) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

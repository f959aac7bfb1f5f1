{#- A stored column may take a wider type in place only where a full refresh would give the same. From texts it would not, where a
    text did not fit the old type (its row has null and an issue, or was rejected for its key), or where numbers become texts. -#}
{% macro _check_misfits(table, relation, column, held) -%}
    {%- set reasons = [] -%}
    {%- if table.is_text and column.type == 'varchar' -%}
        {%- do reasons.append("its files may write a value otherwise than it was stored ('007', '1.50')") -%}
    {%- elif table.is_text and column.name in table.key -%}
        {%- do reasons.append("rows whose key did not fit were rejected") -%}
    {%- elif table.is_text and run_query(
        "select 1 from " ~ relation ~ " where strpos(_cdc_issues, " ~ dms_lake._literal('"column": ' ~ (column.name | tojson) ~ ',') ~ ") > 0 limit 1"
    ).rows -%}
        {%- do reasons.append("some texts did not fit and left null") -%}
    {%- endif -%}
    {%- if reasons -%}
        {%- do dms_lake._fail(
            model.name, "column `" ~ column.name ~ "` of `" ~ table.name ~ "` is stored as " ~ held ~ " and declared as " ~ column.type ~ "; "
            ~ reasons[0] ~ ", so its files must be read again. Run `dbt run --full-refresh --select " ~ model.name ~ "`."
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- The columns that can be longer than Redshift reads: those named, as texts, or all such ones of a registered table. -#}
{% macro _limited_columns(relation, columns) -%}
    {%- set limited = [] -%}
    {%- if columns is string or columns is mapping -%}
        {%- do dms_lake._fail("fits_redshift", "`columns` is `" ~ columns ~ "`; it must be a list of names of text columns, e.g. [comment].") -%}
    {%- elif columns is not none -%}
        {%- for name in columns -%}
            {%- do limited.append({'name': dms_lake._quoted(name), 'is_binary': false}) -%}
        {%- endfor -%}
    {%- elif execute -%}
        {%- for column in dms_lake._table_of(relation, 'fits_redshift').kept if column.type in ['varchar', 'binary'] -%}
            {%- do limited.append({'name': dms_lake._quoted(column.name | lower if target.type == 'redshift' else column.name), 'is_binary': column.type == 'binary'}) -%}
        {%- endfor -%}
        {%- do limited.append({'name': '_cdc_issues', 'is_binary': false}) -%}
    {%- endif -%}
    {{- return(limited) -}}
{%- endmacro %}

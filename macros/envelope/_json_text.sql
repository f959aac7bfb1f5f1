{#- The text of a field as `text_to` expects it: what JSON writers put otherwise (epoch milliseconds, midnight behind a date, 0x
    before binary) is brought to the form of DMS's CSV; nothing is cut or rounded. -#}
{% macro _json_text(table, alias, text) -%}
    {%- set found = table.columns | selectattr('name', 'equalto', alias | replace('_cdc_previous_', '', 1)) | list -%}
    {%- set type = found[0].type if found else 'timestamp' if alias in ['_raw_timestamp', '_raw_emitted'] else 'varchar' -%}
    {%- if type == 'timestamp' -%}
case when regexp_full_match({{ text }}, '[0-9]{13}') then strftime(epoch_ms(cast({{ text }} as bigint)), '%Y-%m-%d %H:%M:%S.%g') else {{ text }} end
    {%- elif type == 'date' -%}
regexp_replace({{ text }}, '[T ]00:00:00([.]0+)?Z?$', '')
    {%- elif type == 'binary' -%}
regexp_replace({{ text }}, '^0[xX]', '')
    {%- elif type.startswith('decimal') and found[0].name == alias -%}
coalesce(cast(_raw_decimals.{{ dms_lake._quoted(alias) }} as varchar), {{ text }})
    {%- else -%}
{{ text }}
    {%- endif -%}
{%- endmacro %}

{#- A DMS setting that shapes files in a way that is not read is refused by its own name, with what to do at the endpoint. -#}
{% macro _check_dms_setting(name, field) -%}
    {%- set cure = {
        'rfc4180': 'Leave Rfc4180 on: without it a delimiter or a line end inside a value cannot be told from a real one',
        'csvrowdelimiter': 'Leave CsvRowDelimiter at a newline',
        'addtrailingpaddingcharacter': 'Switch AddTrailingPaddingCharacter off: padding cannot be told from the value',
        'usecsvnosupvalue': 'Give the text of CsvNoSupValue as `unsupplied_token`',
        'csvnosupvalue': 'Give its text as `unsupplied_token`',
        'preservetransactions': 'Switch PreserveTransactions off; AR_H_CHANGE_SEQ gives the order',
        'cdcpath': 'Switch PreserveTransactions off, then CdcPath is not needed',
        'cdcinsertsonly': 'Switch CdcInsertsOnly off: updates and deletes would be missing',
        'cdcinsertsandupdates': 'Switch CdcInsertsAndUpdates off: deletes would be missing',
    }.get(field | replace('_', '') | lower) -%}
    {%- if cure -%}
        {%- do dms_lake._fail("registry entry `" ~ name ~ "`", "`" ~ field ~ "` is a setting of the DMS endpoint whose files are not read. " ~ cure ~ ".") -%}
    {%- endif -%}
{%- endmacro %}

{#- What must agree between the fields of one registry entry. -#}
{% macro _check_entry(entry) -%}
    {%- set where = "registry entry `" ~ entry.name ~ "`" -%}
    {%- set names = entry.columns | map(attribute='name') | list -%}
    {%- for field in ['key', 'alternate_key', 'partition_by'] -%}
        {%- for text in entry[field] if dms_lake._partition(text).column not in names -%}
            {%- set column = dms_lake._partition(text).column -%}
            {%- do dms_lake._fail(where, "`" ~ field ~ "` names `" ~ column ~ "`, which is not among its columns: " ~ (names | join(', ')) ~ ".") -%}
        {%- endfor -%}
        {%- if entry[field] | unique(case_sensitive=true) | list | length != entry[field] | length -%}
            {%- do dms_lake._fail(where, "`" ~ field ~ "` names a column twice: " ~ (entry[field] | join(', ')) ~ ".") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set lower_names = names | map('lower') | list -%}
    {%- if lower_names | unique | list | length != names | length -%}
        {%- do dms_lake._fail(where, "two columns differ only in upper and lower case: " ~ (names | join(', ')) ~ ". No engine can hold both; rename one with a DMS transformation rule.") -%}
    {%- endif -%}
    {%- for field in ['timestamp_column', 'change_seq_column'] if entry[field] and entry[field] | lower in lower_names -%}
        {%- do dms_lake._fail(where, "`" ~ field ~ "` `" ~ entry[field] ~ "` is also declared under `columns`. Leave it out there: it becomes a _cdc_ column.") -%}
    {%- endfor -%}
    {%- if entry.history and not entry.key -%}
        {%- do dms_lake._fail(where, "`history` is true and `key` is empty: without a key nothing says which rows are versions of one thing. Name the `key`, or leave `history` out; `latest` keeps every row.") -%}
    {%- endif -%}
    {%- if entry.delimiter | length != 1 or entry.delimiter in ['"', '\n', '\r'] -%}
        {%- do dms_lake._fail(where, "`delimiter` is `" ~ entry.delimiter ~ "`; it must be one character, and neither a quote nor a line end.") -%}
    {%- endif -%}
    {%- if entry.timestamp_column and entry.timestamp_column | lower == (entry.change_seq_column or '') | lower -%}
        {%- do dms_lake._fail(where, "`timestamp_column` and `change_seq_column` are both `" ~ entry.timestamp_column ~ "`. Each needs a column of its own.") -%}
    {%- endif -%}
    {%- if entry.unsupplied_token and entry.envelope != 's3_csv' -%}
        {%- do dms_lake._fail(where, "`unsupplied_token` is `" ~ entry.unsupplied_token ~ "`, but DMS writes a CsvNoSupValue into CSV files on S3 only, not with the envelope `" ~ entry.envelope ~ "`. Leave it out.") -%}
    {%- elif entry.unsupplied_token and entry.unsupplied_token == entry.null_token -%}
        {%- do dms_lake._fail(where, "`unsupplied_token` and `null_token` are both `" ~ entry.null_token ~ "`, so a null could not be told from a value that was not logged. Give CsvNoSupValue a text of its own at the endpoint.") -%}
    {%- endif -%}
    {%- do dms_lake._check_entry_columns(entry, where) -%}
{%- endmacro %}

{#- The declared columns of a table, checked: name, engine-neutral type, the schema change that added or
    dropped it, and its mask. -#}
{% macro _registry_columns(name, node) -%}
    {%- set where = "registry entry `" ~ name ~ "`" -%}
    {%- set simple = ['bigint', 'integer', 'smallint', 'boolean', 'double', 'real', 'varchar', 'date', 'time', 'timestamp', 'binary'] -%}
    {%- set columns = [] -%}
    {%- for column in node.columns.values() -%}
        {%- set type = (column.data_type or '') | string | lower | replace(' ', '') -%}
        {%- set is_decimal = modules.re.fullmatch('decimal\\(\\d{1,2},\\d{1,2}\\)', type) is not none -%}
        {%- set meta = ((column.config or {}).get('meta') or column.meta or {}).get('dms_lake') or {} -%}
        {%- if type not in simple and not is_decimal -%}
            {%- do dms_lake._fail(where, "column `" ~ column.name ~ "` has `data_type` `" ~ (column.data_type or '(none)') ~ "`; allowed: " ~ (simple | join(', ')) ~ ", decimal(precision,scale).") -%}
        {%- elif column.name | lower | truncate(5, true, '', 0) in ['_cdc_', '_raw_'] -%}
            {%- do dms_lake._fail(where, "column `" ~ column.name ~ "` begins with _cdc_ or _raw_, which dms_lake keeps for its own columns. Rename it with a DMS transformation rule.") -%}
        {%- endif -%}
        {%- for field in meta -%}
            {%- if field not in ['added', 'dropped', 'mask'] -%}
                {%- do dms_lake._fail(where, "column `" ~ column.name ~ "` has the unknown field `" ~ field ~ "` (given: " ~ meta[field] ~ "); allowed: added, dropped, mask.") -%}
            {%- elif field != 'mask' and (meta[field] is not integer or meta[field] < 1) -%}
                {%- do dms_lake._fail(where, "column `" ~ column.name ~ "`: `" ~ field ~ "` is `" ~ meta[field] ~ "`; it must be the number of the schema change, counted from 1.") -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do columns.append({
            'name': column.name, 'type': type, 'added': meta.get('added', 0), 'dropped': meta.get('dropped'),
            'mask': dms_lake._column_mask(where, column.name, type, meta, node.columns.values() | map(attribute='name') | list),
        }) -%}
    {%- endfor -%}
    {%- if columns | length == 0 -%}
        {%- do dms_lake._fail(where, "no `columns` are declared. List every column with `name` and `data_type`.") -%}
    {%- endif -%}
    {{- return(columns) -}}
{%- endmacro %}

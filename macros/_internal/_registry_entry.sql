{#- A source node as a checked registry entry: the table's own settings over its source's, defaults filled in. -#}
{% macro _registry_entry(node) -%}
    {%- set name = node.source_name ~ '.' ~ node.name -%}
    {%- set given = {} -%}
    {%- do given.update(node.source_meta.get('dms_lake') or {}) -%}
    {%- do given.update((node.meta or {}).get('dms_lake') or {}) -%}
    {%- set fields = dms_lake._registry_fields() -%}
    {%- if node.identifier.lower().startswith('awsdms_') -%}
        {%- do dms_lake._fail("registry entry `" ~ name ~ "`", "`" ~ node.identifier ~ "` is a control table of DMS itself, not a table of the source. Take it out of the registry.") -%}
    {%- endif -%}
    {%- for field in given if field not in fields -%}
        {%- do dms_lake._check_dms_setting(name, field) -%}
        {%- do dms_lake._fail(
            "registry entry `" ~ name ~ "`",
            "unknown field `" ~ field ~ "` (given: " ~ given[field] ~ "); allowed: " ~ (fields | join(', ')) ~ "."
        ) -%}
    {%- endfor -%}
    {%- set entry = {'name': name, 'source_name': node.source_name, 'table_name': node.name, 'identifier': node.identifier} -%}
    {%- for field, spec in fields.items() -%}
        {%- do dms_lake._check_field(name, field, given.get(field), spec) -%}
        {%- do entry.update({field: given.get(field) if given.get(field) is not none else spec.get('default')}) -%}
    {%- endfor -%}
    {%- do entry.update({
        'folder': dms_lake._folder(entry.root, entry.folder, node.identifier),
        'source_schema': entry.source_schema or node.source_name,
        'source_table': entry.source_table or node.identifier,
        'names_schema': entry.source_schema is not none,
        'columns': dms_lake._registry_columns(name, node),
    }) -%}
    {%- do entry.update(dms_lake._envelope_facts(name, entry)) -%}
    {%- do entry.update(dms_lake._mask_facts(entry.columns)) -%}
    {%- do dms_lake._check_entry(entry) -%}
    {{- return(entry) -}}
{%- endmacro %}

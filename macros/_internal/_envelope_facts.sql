{#- What the rest needs to know of an entry's envelope (macros/envelope/_<envelope>.sql): names (`dms`, `any`), operations (`letter`,
    `record`, `none`), generations (`loads`, `snapshots`, `one`), dump, the file format, and whether values arrive as texts. -#}
{% macro _envelope_facts(name, entry) -%}
    {%- set facts = dms_lake['_' ~ entry.envelope ~ '_facts']() -%}
    {%- set file_format = entry.file_format or facts.formats[0] -%}
    {%- if file_format not in facts.formats -%}
        {%- do dms_lake._fail("registry entry `" ~ name ~ "`", "`file_format` is `" ~ file_format ~ "`; the envelope `" ~ entry.envelope ~ "` comes as: " ~ (facts.formats | join(', ')) ~ ".") -%}
    {%- endif -%}
    {%- set sees_old_keys = facts.operations == 'record' or (facts.operations == 'letter' and entry.before_image_prefix) -%}
    {{- return({
        'file_format': file_format,
        'names': facts.names,
        'operations': facts.operations,
        'generations': facts.generations,
        'dump': facts.get('dump'),
        'is_text': not (file_format == 'parquet' and 'json' not in facts.formats),
        'fills': entry.unsupplied_token is not none and entry.key | length > 0,
        'old_key': entry.key if sees_old_keys else [],
        'base': entry.folder.split('/{snapshot}')[0],
    }) -}}
{%- endmacro %}

{#- What must agree between the masks of a registry entry and its other fields. -#}
{% macro _check_masks(entry, where) -%}
    {%- for column in entry.columns if column.mask is not none -%}
        {%- set has = "column `" ~ column.name ~ "` has the `mask` `" ~ column.mask.word ~ "` and " -%}
        {%- if column.name in entry.key and column.mask.word != 'hash' -%}
            {%- do dms_lake._fail(where, has ~ "is in the `key`. A key may only be masked by hash, which keeps equal keys equal; choose hash, or another key.") -%}
        {%- elif column.name in entry.alternate_key and column.mask.word != 'hash' -%}
            {%- do dms_lake._fail(where, has ~ "is in `alternate_key`. Only hash keeps equal values equal; choose hash, or leave it out there.") -%}
        {%- elif column.name in entry.partition_by and column.mask.word in ['drop', 'null'] -%}
            {%- do dms_lake._fail(where, has ~ "is in `partition_by`, but no value of it is kept. Leave it out there.") -%}
        {%- elif entry.unsupplied_token and column.mask.word == 'keep_if' -%}
            {%- do dms_lake._fail(
                where, "column `" ~ column.name ~ "` is masked by keep_if, and `unsupplied_token` says that updates leave columns out: the condition would be asked of "
                ~ "what they name alone. Mask it by null, hash or drop, or have DMS supply every column and leave `unsupplied_token` out."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

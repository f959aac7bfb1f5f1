{#- Under which masks, and which keys of `hash`, the current model's rows are stored, as the ledger says: {masks, key_marks}. -#}
{% macro _stored_masks(table) -%}
    {%- set noted = dms_lake._noted_masks().get(model.unique_id, []) -%}
    {#- Only a table that ever had masks is asked for its build. -#}
    {%- set build = (dms_lake._unread(table).build or dms_lake._build()) if noted else none -%}
    {%- set marks = [] -%}
    {%- set stored = {'masks': '', 'key_marks': marks} -%}
    {%- for masks, of_build, mark in noted if not build or of_build == build -%}
        {%- do stored.update({'masks': masks}) -%}
        {%- do marks.append(mark) if mark -%}
    {%- endfor -%}
    {{- return(stored) -}}
{%- endmacro %}

{#- All that the ledger holds of masks, by model. Asked once per run, before it builds: most tables have no masks, and a statement
    each would be a second one of those that write nothing. A model's note is only its own to change. -#}
{% macro _noted_masks() -%}
    {%- if graph.get('dms_lake_masks', {}).get('invocation_id') != invocation_id -%}
        {%- set noted = {} -%}
        {%- for name, masks, build, mark in dms_lake._rows_as_they_are("select model, masks, build, key_mark from " ~ dms_lake._ledger('masks')) -%}
            {%- do noted.setdefault(name, []).append((masks, build, mark)) -%}
        {%- endfor -%}
        {%- do graph.update({'dms_lake_masks': {'invocation_id': invocation_id, 'noted': noted}}) -%}
    {%- endif -%}
    {{- return(graph.dms_lake_masks.noted) -}}
{%- endmacro %}

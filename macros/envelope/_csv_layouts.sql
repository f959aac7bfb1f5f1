{#- How many fields a headerless record may have, and where each stands: one layout per phase and schema change,
    as {is_load, size, positions: {column: position}}. Names of DMS's own fields begin with `_raw_`. -#}
{% macro _csv_layouts(table) -%}
    {%- set changes = [0] -%}
    {%- for column in table.columns -%}
        {%- do changes.extend([column.added or 0, column.dropped or 0]) -%}
    {%- endfor -%}
    {%- set layouts = [] -%}
    {%- for is_load in [true, false] -%}
        {%- for change in changes | unique | sort -%}
            {%- set fields = [] -%}
            {%- for column in table.columns if column.added <= change and (column.dropped is none or column.dropped > change) -%}
                {%- do fields.append(column.name) -%}
            {%- endfor -%}
            {%- set has_op = table.operations == 'letter' and (not is_load or table.op_in_load) -%}
            {%- set front = ['_raw_operation'] if has_op else [] -%}
            {%- set time = ['_raw_timestamp'] if table.timestamp_column else [] -%}
            {%- set before = [] -%}
            {%- for column in table.columns if table.before_image_prefix and column.name in table.old_key -%}
                {%- do before.append('_cdc_previous_' ~ column.name) -%}
            {%- endfor -%}
            {%- set back = before + (['_raw_change_seq'] if table.change_seq_column else []) -%}
            {%- if table.timestamp_position == 'before_op' -%}
                {%- set order = time + front + fields + back -%}
            {%- elif table.timestamp_position == 'last' -%}
                {%- set order = front + fields + back + time -%}
            {%- else -%}
                {%- set order = front + time + fields + back -%}
            {%- endif -%}
            {%- set positions = {} -%}
            {%- for field in order -%}
                {%- do positions.update({field: loop.index}) -%}
            {%- endfor -%}
            {%- do layouts.append({'is_load': is_load, 'size': order | length, 'positions': positions}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(layouts) -}}
{%- endmacro %}

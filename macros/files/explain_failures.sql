{#- Say in our words why models failed where the engine's own text does not: which table, which file, the cure. Called by
    on-run-end; nothing of a failed model was written, and its files stay unread. -#}
{% macro explain_failures(results) -%}
    {%- if execute -%}
        {%- for result in results if result.status == 'error' and result.node -%}
            {%- set explanation = dms_lake._explanation(result.message or '') -%}
            {%- if explanation -%}
                {%- do exceptions.warn("dms_lake." ~ result.node.name ~ ": " ~ explanation ~ " The table is as it was before this run.") -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro _explanation(message) -%}
    {%- for pattern, explanation in dms_lake.error_cures() -%}
        {%- set match = modules.re.search(pattern, message, modules.re.DOTALL) -%}
        {%- if match -%}
            {%- set found = match.groupdict() -%}
            {%- set named = {'file': dms_lake._as_pattern_undone((found.get('file') or found.get('file2') or '').strip())} -%}
            {%- for name in ['column', 'held', 'wanted'] -%}
                {%- do named.update({name: found.get(name)}) -%}
            {%- endfor -%}
            {{- return(explanation.format(**named)) -}}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The condition of a `keep_if` as a list of words, each {text} or {column}: columns, literals, operators and a few functions;
    whatever else it holds is refused, as it would reach the engine unread. -#}
{% macro _condition(where, column, text, columns) -%}
    {%- set known = [
        'and', 'or', 'not', 'in', 'is', 'null', 'true', 'false', 'like', 'between', 'case', 'when', 'then', 'else', 'end', 'date',
        'timestamp', 'lower', 'upper', 'length', 'trim', 'substr', 'coalesce', 'abs'
    ] -%}
    {%- set names = {} -%}
    {%- for name in columns -%}
        {%- do names.update({name | lower: name}) -%}
    {%- endfor -%}
    {%- set pattern = "'(?:[^']|'')*'|\"(?:[^\"]|\"\")+\"|\\w+(?:[.]\\d+)?|<>|!=|<=|>=|\\|\\||[-+*/%=<>(),]|\\s+" -%}
    {%- set words = [] -%}
    {%- set found = modules.re.findall(pattern, text) -%}
    {%- set depth = namespace(now=0) -%}
    {%- for word in found -%}
        {%- set depth.now = depth.now + (1 if word == '(' else -1 if word == ')' else 0) -%}
        {%- set name = word[1:-1] | replace('""', '"') if word[0] == '"' else word -%}
        {%- if name | lower in names and word[0] != "'" -%}
            {%- do words.append({'column': names[name | lower]}) -%}
        {%- elif word | lower in known or modules.re.fullmatch("'.*'|[0-9.]+|\\W+", word, modules.re.DOTALL) and word[0] != '"' -%}
            {%- do words.append({'text': word}) -%}
        {%- else -%}
            {%- do dms_lake._fail(where, "column `" ~ column ~ "`: the condition of `keep_if` names `" ~ word ~ "`, which is no declared column (" ~ (columns | join(', ')) ~ ") and none of the words it may use: " ~ (known | join(', ')) ~ ".") -%}
        {%- endif -%}
        {%- if depth.now < 0 -%}
            {%- do dms_lake._fail(where, "column `" ~ column ~ "`: the condition of `keep_if` closes a bracket that it never opened: `" ~ text ~ "`.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if found | join != text or depth.now or '--' in (found | join) or '/*' in (found | join) or words | selectattr('column') | list | length == 0 -%}
        {%- do dms_lake._fail(where, "column `" ~ column ~ "`: `keep_if` is `" ~ text ~ "`; it must be a condition over declared columns, e.g. \"country = 'CH'\", with literals in single quotes, closed brackets, no comment and no semicolon.") -%}
    {%- endif -%}
    {{- return(words) -}}
{%- endmacro %}

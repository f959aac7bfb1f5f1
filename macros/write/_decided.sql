{#- The compiled query of latest; where the registry refuses undecided ties, one that stops at the first. A write is one statement
    here, so only the statement itself can refuse before it commits: by a cast that says why it fails. -#}
{% macro _decided(table, columns) -%}
    {%- if table.undecided_ties != 'fail' -%}
{{ model.compiled_code }}
    {%- else -%}
        {%- set message = "at least 1 undecided tie in `" ~ table.name ~ "`, which `undecided_ties: fail` refuses: "
            ~ dms_lake._undecided_means() ~ " The row that would hold: in " -%}
select
        {%- for column in columns[:-1] %}
    {{ column }},
        {%- endfor %}
    case
        when _cdc_undecided
            then cast({{ dms_lake._literal(message) }} || _cdc_file_path as boolean)
        else false
    end as _cdc_undecided
from (
{{ model.compiled_code }}
) as batch
    {%- endif -%}
{%- endmacro %}

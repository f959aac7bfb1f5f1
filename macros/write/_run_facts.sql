{#- What a write did, counted on the rows that bear this run's time: file statistics leave everything older unread. -#}
{% macro _run_facts(is_latest) -%}
    {%- set query -%}
select
    count(*) as rows_written,
    {{ 'count_if(_cdc_is_deleted)' if is_latest else 0 }} as rows_deleted,
    {{ 'count_if(_cdc_undecided)' if is_latest else 0 }} as undecided_ties
from {{ dms_lake._stored() }}
where _cdc_processed_at = {{ dms_lake._run_time() }}
    {%- endset -%}
    {{- return(run_query(query).rows[0]) -}}
{%- endmacro %}

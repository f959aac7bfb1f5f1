{#- The statement that says how many hours a table's snapshots are kept, for `expire`. -#}
{% macro keep_snapshots(relation, hours) -%}
    {{- return(adapter.dispatch('keep_snapshots', 'dms_lake')(relation, hours)) -}}
{%- endmacro %}

{% macro default__keep_snapshots(relation, hours) -%}
    {%- do dms_lake._not_implemented('keep_snapshots') -%}
{%- endmacro %}

{% macro athena__keep_snapshots(relation, hours) -%}
alter table {{ relation.render_hive() }} set tblproperties ('vacuum_max_snapshot_age_seconds' = '{{ (hours * 3600) | int }}')
{%- endmacro %}

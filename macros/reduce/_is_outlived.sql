{#- True for a living row of an older generation than the newest: the newest full load lacks its key. -#}
{% macro _is_outlived(newest) -%}
(contenders._cdc_generation < {{ newest }} and contenders._cdc_operation != 'delete')
{%- endmacro %}

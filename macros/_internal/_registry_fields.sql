{#- Every field a registry entry may have: its kind, what is allowed, and its default. docs/registry.md is written from this. -#}
{% macro _registry_fields() -%}
    {{- return({
        'envelope': {'kind': 'choice', 'required': true, 'allowed': [
            's3_csv', 's3_parquet', 'dms_json', 'binlog_json', 'snapshot', 'append_csv', 'append_json'
        ]},
        'file_format': {'kind': 'choice', 'allowed': ['csv', 'parquet', 'json']},
        'root': {'kind': 'text', 'required': true},
        'folder': {'kind': 'text'},
        'source_schema': {'kind': 'text'},
        'source_table': {'kind': 'text'},
        'key': {'kind': 'names', 'required': true},
        'alternate_key': {'kind': 'names', 'default': []},
        'timestamp_column': {'kind': 'text'},
        'timestamp_position': {
            'kind': 'choice', 'allowed': ['after_op', 'before_op', 'last'], 'default': 'after_op'
        },
        'change_seq_column': {'kind': 'text'},
        'before_image_prefix': {'kind': 'text'},
        'op_in_load': {'kind': 'flag', 'default': false},
        'header': {'kind': 'flag', 'default': false},
        'delimiter': {'kind': 'text', 'default': ','},
        'null_token': {'kind': 'text', 'default': 'NULL', 'may_be_empty': true},
        'unsupplied_token': {'kind': 'text'},
        'compression': {'kind': 'choice', 'allowed': ['auto', 'gzip', 'none'], 'default': 'auto'},
        'encoding': {'kind': 'choice', 'allowed': ['utf-8', 'latin-1', 'utf-16'], 'default': 'utf-8'},
        'deletes': {'kind': 'choice', 'allowed': ['apply', 'ignore'], 'default': 'apply'},
        'partition_by': {'kind': 'names', 'default': []},
        'history': {'kind': 'flag', 'default': false},
        'active': {'kind': 'flag', 'default': true},
        'landing': {'kind': 'choice', 'allowed': ['auto', 'rewrite', 'in_place'], 'default': 'auto'},
        'undeclared_columns': {'kind': 'choice', 'allowed': ['warn', 'fail'], 'default': 'warn'},
        'undecided_ties': {'kind': 'choice', 'allowed': ['warn', 'fail'], 'default': 'warn'},
        'raw_retention_days': {'kind': 'number'},
    }) -}}
{%- endmacro %}

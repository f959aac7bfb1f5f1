"""The raw data of the Athena target: Iceberg tables in Glue over what DMS left on S3, each file exactly once.

`project` asks the dbt project for its rules, `listing` lists S3, `ledger` keeps what is known of each file, `raw_tables`
makes and evolves the tables, `rewrite` and `in_place` turn a file into a data file of its table, `commits` adds them, and
`run` puts these together. docs/decisions/0020 says why so.
"""

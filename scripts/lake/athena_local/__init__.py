"""Athena on this machine: Trino executes, moto keeps Glue and S3, a small Athena API stands in between.

`stack.AthenaLocal` is the handle that commands and tests hold; `supervisor` is the process behind it.
Nothing here is used against AWS.
"""

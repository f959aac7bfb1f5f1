"""The fields of a registry entry, and what the values of `lake add-tables --set` may be."""

from __future__ import annotations

from typing import Any

import yaml

from lake.errors import UsageError

# As in macros/_internal/_registry_fields.sql, which a project may have no dbt to ask for; test_docs.py holds them equal.
ENVELOPES = "s3_csv s3_parquet dms_json binlog_json snapshot append_csv append_json"
CHOICES = {
    "envelope": tuple(ENVELOPES.split()),
    "file_format": ("csv", "parquet", "json"),
    "timestamp_position": ("after_op", "before_op", "last"),
    "compression": ("auto", "gzip", "none"),
    "encoding": ("utf-8", "latin-1", "utf-16"),
    "deletes": ("apply", "ignore"),
    "landing": ("auto", "rewrite", "in_place"),
    "undeclared_columns": ("warn", "fail"),
    "undecided_ties": ("warn", "fail"),
}
KINDS = {
    **dict.fromkeys(CHOICES, "choice"),
    **dict.fromkeys(("op_in_load", "header", "history", "active"), "flag"),
    **dict.fromkeys(("key", "alternate_key", "partition_by"), "names"),
    **dict.fromkeys(("root", "folder", "source_schema", "source_table"), "text"),
    **dict.fromkeys(("timestamp_column", "change_seq_column", "before_image_prefix"), "text"),
    **dict.fromkeys(("delimiter", "null_token", "unsupplied_token"), "text"),
    "raw_retention_days": "number",
}
MAY_BE_EMPTY = frozenset({"null_token"})
MUST_BE = {
    "flag": "true or false",
    "number": "a whole number from 1",
    "text": "a text",
    "names": "a list of column names, e.g. [id]",
}


def field_value(name: str, text: str) -> Any:
    """The value of a registry field that an operator wrote as a text.

    Raises:
        UsageError: there is no such field, or it has no such value.
    """
    kind = KINDS.get(name)
    if kind is None:
        raise UsageError(
            f"--set {name}={text}: the registry has no field `{name}`; it has: {', '.join(sorted(KINDS))}"
        )
    if kind == "choice" and text in CHOICES[name]:
        return text
    if kind == "text" and (text or name in MAY_BE_EMPTY):
        return text
    if kind == "flag" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "number" and text.isdecimal() and int(text) >= 1:
        return int(text)
    if kind == "names" and (names := _names(text)) is not None:
        return names
    must_be = MUST_BE.get(kind) or "one of " + ", ".join(CHOICES[name])
    raise UsageError(f"--set {name}={text}: `{name}` must be {must_be}")


def _names(text: str) -> list[str] | None:
    """A YAML list of texts, if it is one."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return value if is_list else None

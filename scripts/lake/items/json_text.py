"""SQL of DuckDB that writes a row as one line of DynamoDB JSON: what boto3's TypeSerializer makes, a million rows at a time.

A column that is null is an attribute that the item lacks; a null inside a list, map or struct is `{"NULL":true}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lake.errors import UsageError
from lake.sql import literal, quoted

INTEGERS = {
    "tinyint", "smallint", "integer", "bigint", "hugeint",
    "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
}  # fmt: skip
FLOATS = {"float", "double"}
TEXTS = {"varchar", "uuid", "enum", "date", "time", "time with time zone", "interval"}
MOMENTS = {
    "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone",
}  # fmt: skip
NULL = """'{"NULL":true}'"""


def attribute(kind: Any, value: str, path: str, depth: int = 0) -> str:
    """SQL of a value's DynamoDB JSON, null where the value is null.

    Args:
        kind: The value's type, as DuckDB describes it.
        value: SQL of the value.
        path: The column, for messages.
        depth: How many lambdas stand around it.

    Raises:
        UsageError: no type of DynamoDB holds it.
    """
    name = kind.id
    item = f"e{depth}"
    if name in TEXTS:
        return f"""'{{"S":' || to_json(cast({value} as varchar)) || '}}'"""
    if name in MOMENTS:
        text = f"strftime(cast({value} as timestamp), '%Y-%m-%dT%H:%M:%S.%fZ')"
        return f"""'{{"S":"' || {text} || '"}}'"""
    if name in INTEGERS or name == "decimal":
        return f"""'{{"N":"' || {value} || '"}}'"""
    if name in FLOATS:
        return _float(value, path)
    if name == "boolean":
        return f"""'{{"BOOL":' || {value} || '}}'"""
    if name == "blob":
        return f"""'{{"B":"' || base64({value}) || '"}}'"""
    if name in ("list", "array"):
        inner = attribute(kind.children[0][1], item, path, depth + 1)
        listed = f"list_transform({value}, lambda {item}: coalesce({inner}, {NULL}))"
        return f"""'{{"L":[' || array_to_string({listed}, ',') || ']}}'"""
    if name == "map":
        inner = attribute(dict(kind.children)["value"], f"{item}.value", path, depth + 1)
        pair = f"to_json(cast({item}.key as varchar)) || ':' || coalesce({inner}, {NULL})"
        listed = f"list_transform(map_entries({value}), lambda {item}: {pair})"
        return f"""'{{"M":{{' || array_to_string({listed}, ',') || '}}}}'"""
    if name == "struct":
        pairs = [
            f"{literal(json.dumps(field, ensure_ascii=False) + ':')} || coalesce("
            f"{attribute(inner, f'struct_extract({value}, {literal(field)})', f'{path}.{field}', depth)}, {NULL})"
            for field, inner in kind.children
        ]
        body = " || ',' || ".join(pairs)
        return f"""case when {value} is not null then '{{"M":{{' || {body} || '}}}}' end"""
    raise UsageError(
        f"column {path} is of type {kind}, which DynamoDB has no type for; cast it in the model, e.g. to varchar"
    )


def item_line(columns: Mapping[str, Any], spread: Sequence[str] = ()) -> str:
    """SQL of a row's line, `{"Item":{...}}` and the line end.

    Args:
        columns: Name and DuckDB type of each column.
        spread: Map columns whose entries become attributes of the item itself.

    Raises:
        UsageError: a column cannot be written, or one to spread is no map.
    """
    parts = []
    for name, kind in columns.items():
        value = quoted(name)
        if name not in spread:
            key = literal(json.dumps(name, ensure_ascii=False) + ":")
            parts.append(f"{key} || {attribute(kind, value, name)}")
            continue
        if kind.id != "map":
            raise UsageError(f"--spread {name}: the column is of type {kind}; only a map is spread")
        inner = attribute(dict(kind.children)["value"], "e.value", name, 1)
        living = f"list_filter(map_entries({value}), lambda e: e.value is not null)"
        pair = f"to_json(cast(e.key as varchar)) || ':' || {inner}"
        listed = f"array_to_string(list_transform({living}, lambda e: {pair}), ',')"
        parts.append(f"nullif({listed}, '')")
    return f"""'{{"Item":{{' || concat_ws(',', {", ".join(parts)}) || '}}}}' || chr(10)"""


def _float(value: str, path: str) -> str:
    """A number of DynamoDB has a range, and no infinity: outside of it the export stops and names the column."""
    fits = f"isfinite({value}) and ({value} = 0 or abs({value}) between 1e-130 and 9.9e125)"
    wrong = literal(f"column {path}: DynamoDB has no number ")
    number = f"""'{{"N":"' || {value} || '"}}'"""
    return f"case when {value} is null then null when {fits} then {number} else error({wrong} || {value}) end"

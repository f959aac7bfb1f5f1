"""Tables from an export of information_schema.columns (for Oracle, all_tab_columns) as CSV with a header line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from lake.errors import UsageError
from lake.tables.found import Column, Found
from lake.tables.types import registry_type

# The names that systems give to the same fact; the first is the one in our messages.
NAMES = {
    "schema": ("table_schema", "owner"),
    "table": ("table_name",),
    "column": ("column_name",),
    "position": ("ordinal_position", "column_id"),
    # MySQL's column_type alone says `unsigned`.
    "type": ("column_type", "data_type"),
    "precision": ("numeric_precision", "data_precision"),
    "scale": ("numeric_scale", "data_scale"),
    "moment": ("datetime_precision",),
    "key": ("primary_key", "is_primary_key", "key_position", "column_key"),
}
OPTIONAL = {"precision", "scale", "moment", "key"}
NO = {"", "0", "no", "n", "f", "false", "null", "none", "mul", "uni"}
YES = {"yes", "y", "t", "true", "pri", "1", "pk"}


def tables_of_export(path: Path, system: str, schema: str | None) -> list[Found]:
    """The tables of one schema, in the order of the export.

    Raises:
        UsageError: the file is missing or lacks a column, a number is none, or which schema is meant is not clear.
    """
    if not path.is_file():
        raise UsageError(f"--columns: there is no file {path}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        places = _places(path, reader.fieldnames or ())
        rows = [
            {fact: (row[name] or "").strip() for fact, name in places.items()} for row in reader
        ]
    chosen = _schema(path, {row["schema"] for row in rows}, schema)
    tables: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if row["schema"] == chosen:
            tables.setdefault(row["table"], []).append(row)
    return [_table(path, system, chosen, name, columns) for name, columns in tables.items()]


def _places(path: Path, header: Iterable[str]) -> dict[str, str]:
    """Which column of the file holds which fact."""
    given = {str(name).strip().lower(): str(name) for name in header}
    places = {
        fact: given[name]
        for fact, names in NAMES.items()
        for name in reversed(names)
        if name in given
    }
    if missing := [names[-1] for fact, names in NAMES.items() if fact not in {*places, *OPTIONAL}]:
        raise UsageError(
            f"--columns: {path} lacks the column(s) {', '.join(missing)}; "
            f"its header line has: {', '.join(given) or 'nothing'}"
        )
    return places


def _schema(path: Path, there: set[str], wanted: str | None) -> str:
    if wanted is None and len(there) == 1:
        return there.pop()
    if wanted in there and wanted is not None:
        return wanted
    asked = "has several schemas" if wanted is None else f"has no schema {wanted!r}"
    raise UsageError(
        f"--columns: {path} {asked}; name one of them with --schema: {', '.join(sorted(there)) or 'none'}"
    )


def _table(path: Path, system: str, schema: str, name: str, rows: list[Mapping[str, str]]) -> Found:
    ordered = sorted(rows, key=lambda row: _number(path, row, "position") or 0)
    columns: list[Column] = []
    key: list[tuple[int, int, str]] = []
    for row in ordered:
        precision = _number(path, row, "precision")
        if precision is None:
            precision = _number(path, row, "moment")
        kind, note = registry_type(system, row["type"], precision, _number(path, row, "scale"))
        columns.append(Column(row["column"], kind, note))
        if place := _key_place(path, row):
            key.append((place, len(key), row["column"]))
    known = tuple(column for *_, column in sorted(key)) if rows and "key" in rows[0] else None
    return Found(name, tuple(columns), known, {"source_schema": schema})


def _key_place(path: Path, row: Mapping[str, str]) -> int:
    """A key column's place in the key, counted from 1; 0 for others."""
    text = row.get("key", "").lower()
    if text in NO:
        return 0
    if text in YES:
        return 1
    return _number(path, row, "key") or 0


def _number(path: Path, row: Mapping[str, str], fact: str) -> int | None:
    text = row.get(fact, "")
    if text.lower() in ("", "null", "none"):
        return None
    try:
        return int(float(text))
    except ValueError:
        raise UsageError(
            f"--columns: {path}: {row['table']}.{row['column']}: "
            f"{NAMES[fact][0]} is {text!r}; it must be a number"
        ) from None

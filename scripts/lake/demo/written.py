"""Read a file as it was written: names and texts as they stand there, and where each row stands."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]


def as_written(path: Path, facts: Mapping[str, Any]) -> list[Row]:
    """The rows of one file; beside their fields each has `_file` and `_row`, its place there.

    Args:
        path: The file.
        facts: The registry's fields of its table. Where they name a header line, the fields have
            its names; a file of records or without a header line comes as one `line` a row.
    """
    names: Sequence[str]
    rows: Sequence[Sequence[Any]]
    if path.suffix == ".parquet":
        cursor = duckdb.connect().execute("select * from read_parquet(?)", [str(path)])
        names, rows = [column[0] for column in cursor.description or []], cursor.fetchall()
    elif facts.get("header"):
        names, *rows = csv.reader(_text(path).splitlines(keepends=True))
    else:
        names, rows = ["line"], [[line] for line in _text(path).splitlines()]
    # A broken record may be longer or shorter than its header, and is shown as it is.
    spare = [f"field {n}" for n in range(len(names) + 1, max(map(len, rows), default=0) + 1)]
    return [
        {"_file": path.name, "_row": number, **dict(zip([*names, *spare], row, strict=False))}
        for number, row in enumerate(rows, start=1)
    ]


def _text(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()

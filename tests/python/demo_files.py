"""The files of the demo: what a line of them says of a row, and files that no run may open."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from lake.demo.written import as_written

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]


def registered(name: str) -> Row:
    """What the registry says of a table as a whole."""
    source, table_name = name.split(".")
    text = (ROOT / "models" / "raw" / source / f"_{source}__sources.yml").read_text()
    (entry,) = yaml.safe_load(text)["sources"]
    (own,) = [each for each in entry["tables"] if each["name"] == table_name]
    return {
        **entry["config"]["meta"]["dms_lake"],
        **own.get("config", {}).get("meta", {}).get("dms_lake", {}),
    }


def line_at(row: Row, facts: Row) -> str:
    """What stands at the place that a row names: a line's values, or a record of a file that has no lines."""
    path = Path(row["_cdc_file_path"])
    number: int = row["_cdc_file_row_number"]
    if path.read_bytes().startswith(b"{"):
        text = path.read_text()
        records: list[str] = []
        while text:
            record, end = json.JSONDecoder().raw_decode(text)
            records.append(json.dumps(record))
            text = text[end:].lstrip()
        return records[number - 1]
    written = as_written(path, facts)[number - 1]
    return " ".join(str(value) for name, value in written.items() if name[0] != "_")


def names_it(line: str, row: Row, key: list[str]) -> bool:
    """Whether a line names the key of a row, what a row without a key begins with, or the texts of a rejected row."""
    if text := row.get("_cdc_raw_text"):
        given = json.loads(text)
        values = [
            given[name] for name in given if name != "fields" and isinstance(given[name], str)
        ]
    else:
        values = [str(row[name]) for name in key or list(row)[:2]]
    return all(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", line) for value in values)


@contextlib.contextmanager
def unreadable(folder: Path) -> Iterator[None]:
    """For a while the files of a folder are not what they were, by size and time the same: a run that opens one fails."""
    kept = {path: (path.read_bytes(), path.stat()) for path in folder.iterdir()}
    for path, (content, times) in kept.items():
        path.write_bytes(b"x" * len(content))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    yield
    for path, (content, times) in kept.items():
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

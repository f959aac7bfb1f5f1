"""What a listing means, by the project's own macros: which files are new, replaced or gone, and of which generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from lake.errors import LakeError
from lake.land.in_place import FoundColumn
from lake.land.ledger import TABLES, Row, schema_of
from lake.land.listing import S3Object
from lake.land.project import Project, StandIn
from lake.land.rewrite import StreamRun

FILE_COLUMNS = list(TABLES["files"])
IN_USE = ("readable", "held")
OBJECTS = {
    "source_table": pa.string(),
    "path": pa.string(),
    "size_bytes": pa.int64(),
    "last_modified": pa.timestamp("us"),
}
FOUND = {
    "source_table": pa.string(),
    "column_name": pa.string(),
    "column_type": pa.string(),
    "scale": pa.int64(),
    "first_file": pa.string(),
}

RUNS = {
    "source_table": pa.string(),
    "file": pa.string(),
    "phase": pa.string(),
    "first_at": pa.timestamp("us"),
    "last_at": pa.timestamp("us"),
}

Rows = dict[str, list[Row]]


@dataclass
class Decision:
    """The ledger as it shall be, by table name, and the tables that could not be judged, with the reason."""

    ledger: Rows
    failures: dict[str, str] = field(default_factory=dict)

    def of(self, name: str, source_table: str) -> list[Row]:
        """The rows of one source table."""
        return [row for row in self.ledger[name] if row[0] == source_table]


class Judge:
    """The project's macros on a throw-away ledger of some tables.

    Args:
        home: An empty folder.
        ledger: The rows that Athena's ledger holds of these tables.
    """

    def __init__(self, project: Project, home: Path, ledger: Mapping[str, Sequence[Row]]) -> None:
        self.stand_in = StandIn(project, home)
        for name in TABLES:
            rows = [dict(zip(TABLES[name], row, strict=True)) for row in ledger[name]]
            self._put(
                f"dms_lake_{name}", pa.Table.from_pylist(rows, schema=schema_of(name).as_arrow())
            )

    def decide(self, listings: Mapping[str, Sequence[S3Object]]) -> Decision:
        """What the listings mean for the ledger."""
        rows = [
            (name, item.path, item.size_bytes, item.last_modified)
            for name, items in listings.items()
            for item in items
        ]
        return self._judged(
            "dms_lake_objects", _arrow(OBJECTS, rows), "_land_decide", list(listings)
        )

    def streams(self, found: Mapping[str, Sequence[StreamRun]]) -> Decision:
        """What the records of new files mean for the full loads of streams; of a stream without any, what time means."""
        rows = [
            (name, run.file, run.phase, run.first_at, run.last_at)
            for name, runs in found.items()
            for run in runs
        ]
        return self._judged("dms_lake_found_runs", _arrow(RUNS, rows), "_land_streams", list(found))

    def check(self, found: Mapping[str, Sequence[FoundColumn]]) -> Decision:
        """What the columns found in new files mean: refused types, and undeclared columns for the ledger."""
        rows = [
            (name, column.column_name, column.column_type, column.scale, column.first_file)
            for name, columns in found.items()
            for column in columns
        ]
        names = [name for name in found if found[name]]
        return self._judged("dms_lake_found_columns", _arrow(FOUND, rows), "_land_check", names)

    def _judged(self, relation: str, found: pa.Table, macro: str, names: Sequence[str]) -> Decision:
        """Hand over what was found, let a macro judge tables by it, and read what the ledger says then."""
        self._put(relation, found)
        failures = self._each(macro, names)
        return Decision(self._ledger(), failures)

    def _each(self, macro: str, names: Sequence[str]) -> dict[str, str]:
        """Run a macro over tables; one that it refuses does not keep the others from it."""
        failures: dict[str, str] = {}
        left = sorted(names)
        while left:
            self._put("dms_lake_begun", _arrow({"source_table": pa.string()}, []))
            try:
                self.stand_in.operate(macro, {"tables": left})
                return failures
            except LakeError as error:
                begun = [name for (name,) in self._read("select source_table from dms_lake_begun")]
                if not begun:
                    raise
                failures[begun[-1]] = str(error)
                left = [name for name in left if name not in begun]
        return failures

    def _ledger(self) -> Rows:
        return {
            name: self._read(f"select {', '.join(TABLES[name])} from dms_lake_{name}")
            for name in TABLES
        }

    def _read(self, query: str) -> list[Row]:
        with self.stand_in.connect() as connection:
            return list(connection.execute(query).fetchall())

    def _put(self, name: str, content: pa.Table) -> None:
        with self.stand_in.connect() as connection:
            connection.register("content", content)
            connection.execute(f"create or replace table {name} as select * from content")


def _arrow(columns: Mapping[str, Any], rows: Sequence[Row]) -> pa.Table:
    arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(columns.values())]
    return pa.table(arrays, names=list(columns))


@dataclass(frozen=True)
class Work:
    """What a decision asks of a raw table.

    Attributes:
        bring: Files to hold, in this version.
        gone: Paths to hold no longer.
        earlier: For each path in `bring` that was known before in another version, where those versions were held.
    """

    bring: tuple[S3Object, ...]
    gone: tuple[str, ...]
    earlier: Mapping[str, tuple[str, ...]]


def work_of(
    before: Sequence[Row],
    after: Sequence[Row],
    listing: Sequence[S3Object],
    folder: str,
    again: bool = False,
) -> Work:
    """The difference between two states of a table's file rows, as work.

    With `again`, every file that is in use is brought, not only new ones.
    """
    old, new = in_use(before), in_use(after)
    objects = {(item.path[len(folder) + 1 :], item.last_modified): item for item in listing}
    wanted = new if again else new.keys() - old.keys()
    bring = [objects[key] for key in sorted(wanted) if key in objects and objects[key].size_bytes]
    held: dict[str, set[str]] = {}
    for row in before:
        named = dict(zip(FILE_COLUMNS, row, strict=True))
        if (named["file"], named["last_modified"]) not in new or named["status"] not in IN_USE:
            held.setdefault(f"{folder}/{named['file']}", set()).add(named["path"])
    files = {file for file, _ in new}
    return Work(
        tuple(bring),
        tuple(sorted(path for (file, _), path in old.items() if file not in files)),
        {item.path: tuple(sorted(held[item.path])) for item in bring if item.path in held},
    )


def in_use(rows: Sequence[Row]) -> dict[tuple[str, datetime], str]:
    """The file versions that are in use, as (file, last modified), and where each is held."""
    named = [dict(zip(FILE_COLUMNS, row, strict=True)) for row in rows]
    return {
        (row["file"], row["last_modified"]): row["path"] for row in named if row["status"] in IN_USE
    }

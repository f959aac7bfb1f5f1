"""Tables from files as DMS leaves them on S3: exact types of Parquet, careful guesses of CSV."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lake.errors import UsageError
from lake.tables.found import Column, Found
from lake.tables.guess import guessed_type
from lake.tables.parquet_types import columns_of_parquet
from lake.tables.places import Place

HEAD_BYTES = 1 << 20
HEAD_ROWS = 1000
ENDINGS = {".csv": "s3_csv", ".csv.gz": "s3_csv", ".parquet": "s3_parquet"}


@dataclass(frozen=True)
class Asked:
    """What the operator says of the files: registry fields of the source, and keys and column names by table."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def schema_of(place: Place, wanted: str | None) -> str:
    """The folder that holds one folder per table: "" for the place itself.

    Raises:
        UsageError: the place holds nothing, or several schemas of which none was named.
    """
    there = place.folders()
    if wanted is not None:
        if wanted not in there:
            raise UsageError(
                f"--schema: there is no folder {wanted!r}; there is: {', '.join(there) or 'none'}"
            )
        return wanted
    if not there:
        raise UsageError("--samples: no folder below it, and every table needs one of its own")
    first = [path.split("/") for path in place.files(there[0])]
    # <table>/file or <table>/2024/01/02/file, else <schema>/<table>/file.
    if any(len(parts) == 2 or parts[1].isdigit() for parts in first):
        return ""
    if len(there) > 1:
        raise UsageError(
            f"--samples: several schemas; name one of them with --schema: {', '.join(there)}"
        )
    return there[0]


def tables_of_samples(place: Place, schema: str, asked: Asked) -> list[Found]:
    """One table per folder; what a folder does not show is in the table's notes."""
    return [_table(place, schema, name, asked) for name in place.folders(schema)]


def _table(place: Place, schema: str, name: str, asked: Asked) -> Found:
    listed = place.files(f"{schema}/{name}" if schema else name)
    by_kind: dict[str, list[str]] = {}
    for path in listed:
        for ending, kind in ENDINGS.items():
            if path.lower().endswith(ending):
                by_kind.setdefault(kind, []).append(path)
    fields = {"source_schema": schema} if schema else {}
    if len(by_kind) != 1:
        what = "both CSV and Parquet files" if by_kind else "no CSV or Parquet file"
        return Found(name, (), notes=(f"its folder holds {what}",), fields=fields)
    ((envelope, paths),) = by_kind.items()
    chosen = _chosen(paths)
    if envelope == "s3_parquet":
        found = Found(name, columns_of_parquet(place, chosen, asked.fields))
    else:
        found = _csv_table(place, name, chosen, asked)
    if not asked.fields.get("timestamp_column"):
        note = "no timestamp_column is known: changes are ordered by file and row"
        found = replace(found, notes=(*found.notes, note))
    return replace(found, fields={"envelope": envelope, **fields, **found.fields})


def _chosen(paths: Sequence[str]) -> list[str]:
    """The first and the last load file and change file."""
    loads = [path for path in paths if is_load(path)]
    changes = [path for path in paths if not is_load(path)]
    return [path for group in (loads, changes) for path in dict.fromkeys([*group[:1], *group[-1:]])]


def is_load(path: str) -> bool:
    """Whether DMS wrote the file in a full load."""
    return "LOAD" in path.rsplit("/", 1)[-1]


def _csv_table(place: Place, name: str, paths: Sequence[str], asked: Asked) -> Found:
    """A table of CSV files, with or without a header line."""
    fields = asked.fields
    rows: list[dict[str, str | None]] = []
    names: list[str] = []
    notes: list[str] = []
    for path in paths:
        records = head(place.part(path, HEAD_BYTES), path, fields)
        if fields.get("header"):
            line, records = (records[0], records[1:]) if records else ([], [])
            own = line
        else:
            own = _own_names(
                records, path, len(asked.keys.get(name, ())), fields, asked.names.get(name)
            )
        of_dms = {"Op", fields.get("timestamp_column"), fields.get("change_seq_column"), None}
        prefix = fields.get("before_image_prefix")
        declared = [
            column
            for column in own
            if column not in of_dms
            and not (prefix and column.startswith(prefix) and column.removeprefix(prefix) in own)
        ]
        names += [column for column in declared if column not in names]
        fitting = [record for record in records if len(record) == len(own)]
        if len(fitting) < len(records):
            seen = sorted(Counter(len(record) for record in records))
            notes.append(f"{path}: records of {seen} fields, {len(own)} expected")
        null = str(fields.get("null_token", "NULL"))
        rows += [
            {key: None if text == null else text for key, text in zip(own, record, strict=True)}
            for record in fitting
        ]
    if not fields.get("header") and name not in asked.names and names:
        notes.append("no header line and no --names: columns are column_1, column_2, …")
    columns = tuple(
        Column(column, *guessed_type([row[column] for row in rows if column in row]))
        for column in names
    )
    return Found(name, columns, notes=tuple(notes))


def _own_names(
    records: Sequence[Sequence[str]],
    path: str,
    key_size: int,
    fields: Mapping[str, Any],
    names: Sequence[str] | None,
) -> list[str]:
    """What each field of a headerless record is; the names of DMS's own fields are as in a header line."""
    time = [fields["timestamp_column"]] if fields.get("timestamp_column") else []
    front = ["Op"] if not is_load(path) or fields.get("op_in_load") else []
    prefix = fields.get("before_image_prefix") or ""
    before = key_size if prefix else 0
    seq = [fields["change_seq_column"]] if fields.get("change_seq_column") else []
    width = Counter(len(record) for record in records).most_common(1)[0][0] if records else 0
    count = width - len(front + time + seq) - before
    columns = list(names or [f"column_{number}" for number in range(1, count + 1)])
    # The names do not matter: before-images say nothing of the columns.
    images = [f"{prefix}{column}" for column in columns[:before]]
    back = images + seq
    place = fields.get("timestamp_position", "after_op")
    if place == "before_op":
        return time + front + columns + back
    if place == "last":
        return front + columns + back + time
    return front + time + columns + back


def head(content: bytes, path: str, fields: Mapping[str, Any]) -> list[list[str]]:
    """The first whole records of a CSV file, from its first bytes."""
    is_cut = len(content) >= HEAD_BYTES
    if content[:2] == b"\x1f\x8b":
        stream = zlib.decompressobj(wbits=31)
        content = stream.decompress(content, HEAD_BYTES)
        is_cut = not stream.eof
    text = content.decode(str(fields.get("encoding", "utf-8")), errors="replace").lstrip("\ufeff")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=str(fields.get("delimiter", ",")), doublequote=True
    )
    try:
        records = [record for record in reader if record]
    except csv.Error as error:
        raise UsageError(f"--samples: {path} is not CSV that can be read: {error}") from None
    return (records[:-1] if is_cut else records)[:HEAD_ROWS]

"""Read the files of DMS into raw rows, one file at a time, in file order."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from oracle.records import record_rows
from oracle.texts import value_of

Entry = dict[str, Any]

CHANGE_NAME = re.compile(r"([0-9]{8})-([0-9]{6})([0-9]*)[.]")
STREAM_NAME = re.compile(r"[0-9]{4}(?:-[0-9]{2}){5}")
DUMP_NAME = re.compile(r"dump[.]part_[0-9]{5}[.]csv$")
LOAD_NAME = re.compile(r"(?:.*_)?(LOAD[0-9A-F]{8})[.]")

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in a file: its number from 1, DMS's own fields as texts, typed values.

    `before` holds the before-image of each key column; `has_bad_before` says that one does not fit its
    type. `bad_texts` are (column, text) that did not fit. `problem` says why nothing else can be known
    of the row. `load`, `record_number` (in its transaction) and `emitted` are what a record says of
    itself. `unsupplied` are the columns that hold the stand-in for a value that the source's log did
    not carry.
    """

    number: int
    operation: str | None = None
    moment: str | None = None
    sequence: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    bad_texts: list[tuple[str, str]] = field(default_factory=list)
    problem: str | None = None
    load: bool | None = None
    record_number: int | None = None
    emitted: str | None = None
    unsupplied: frozenset[str] = frozenset()
    has_bad_before: bool = False


def is_load(path: Path) -> bool:
    """Whether a file is of the full load; raises ValueError for a name that DMS does not give."""
    if LOAD_NAME.match(path.name) or DUMP_NAME.match(path.name):
        return True
    if CHANGE_NAME.search(path.name) or STREAM_NAME.search(path.name):
        return False
    raise ValueError(f"{path.name} is neither a load file nor a change file of DMS.")


def stamp_of(path: Path) -> str:
    """A text that sorts like the name's stamp: the digits after the seconds are a fraction."""
    load = LOAD_NAME.match(path.name)
    if load:
        return load.group(1)
    if DUMP_NAME.match(path.name):
        return path.name
    stream = STREAM_NAME.search(path.name)
    if stream:
        return stream.group(0)
    change = CHANGE_NAME.search(path.name)
    assert change, path
    day, clock, fraction = change.groups()
    return f"{day}-{clock}{fraction:0<12}"


def rows_of(entry: Entry, path: Path) -> Iterator[RawRow]:
    """The rows of a file of the table that `entry` describes."""
    if entry["envelope"] == "s3_parquet":
        yield from _parquet_rows(entry, path)
    elif entry["envelope"] == "s3_csv":
        yield from _csv_rows(entry, path)
    elif entry["envelope"] in ("dms_json", "binlog_json"):
        yield from (RawRow(**row) for row in record_rows(entry, path))
    else:
        raise ValueError(f"The oracle reads files and records of DMS, not {entry['envelope']!r}.")


def _csv_rows(entry: Entry, path: Path) -> Iterator[RawRow]:
    names = _csv_names(entry, is_load(path))
    with _opened(entry, path) as file:
        records = list(csv.reader(file, delimiter=entry.get("delimiter", ",")))
    records = [record for record in records if record]
    if entry.get("header") and records:
        names = [name.lower() for name in records[0]]
        records = records[1:]
    for number, record in enumerate(records, start=1):
        if len(record) != len(names):
            yield RawRow(number, problem="wrong column count")
        else:
            yield _csv_row(entry, number, dict(zip(names, record, strict=True)), is_load(path))


def _opened(entry: Entry, path: Path) -> Any:
    compression = entry.get("compression", "auto")
    if compression == "gzip" or (compression == "auto" and path.suffix == ".gz"):
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _csv_names(entry: Entry, load: bool) -> list[str]:
    """The lower-case names of the fields of a headerless row, in order."""
    operation = ["op"] if not load or entry.get("op_in_load") else []
    moment = [entry["timestamp_column"]] if entry.get("timestamp_column") else []
    columns = [column["name"] for column in entry["columns"]]
    prefix = entry.get("before_image_prefix")
    before = [prefix + name for name in columns if name in entry["key"]] if prefix else []
    sequence = [entry["change_seq_column"]] if entry.get("change_seq_column") else []
    match entry.get("timestamp_position", "after_op"):
        case "before_op":
            names = moment + operation + columns + before + sequence
        case "last":
            names = operation + columns + before + sequence + moment
        case _:
            names = operation + moment + columns + before + sequence
    return [name.lower() for name in names]


def _csv_row(entry: Entry, number: int, record: dict[str, str], load: bool) -> RawRow:
    token = entry.get("null_token", "NULL")
    stand_in = None if load else entry.get("unsupplied_token")
    texts = {n: None if text in (token, stand_in) else text for n, text in record.items()}
    unsupplied = frozenset(
        column["name"]
        for column in entry["columns"]
        if stand_in is not None
        and column["name"] not in entry["key"]
        and record.get(column["name"].lower()) == stand_in
    )
    prefix = entry.get("before_image_prefix")
    values, before, bad_texts, has_bad_before = {}, {}, [], False
    for column in entry["columns"]:
        name, data_type = column["name"], column["data_type"]
        text = texts.get(name.lower())
        values[name] = _typed(text, data_type)
        if text and values[name] is None:
            bad_texts.append((name, text))
        if prefix and name in entry["key"]:
            text = texts.get((prefix + name).lower())
            before[name] = _typed(text, data_type)
            has_bad_before |= bool(text) and before[name] is None
    return RawRow(
        number,
        *_dms_fields(entry, texts),
        values,
        before,
        bad_texts,
        unsupplied=unsupplied,
        has_bad_before=has_bad_before,
    )


def _typed(text: str | None, data_type: str) -> Any:
    return None if text is None else value_of(text, data_type)


def _parquet_rows(entry: Entry, path: Path) -> Iterator[RawRow]:
    prefix = entry.get("before_image_prefix")
    for number, record in enumerate(pq.ParquetFile(path).read().to_pylist(), start=1):
        fields = {name.lower(): value for name, value in record.items()}
        values = {
            c["name"]: _plain(fields.get(c["name"].lower()), c["data_type"])
            for c in entry["columns"]
        }
        before = {}
        if prefix:
            before = {
                c["name"]: _plain(fields.get((prefix + c["name"]).lower()), c["data_type"])
                for c in entry["columns"]
                if c["name"] in entry["key"]
            }
        yield RawRow(number, *_dms_fields(entry, fields), values, before)


def _plain(value: Any, data_type: str) -> Any:
    """A Parquet value without a time zone, a decimal with the declared scale."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, Decimal):
        return value_of(str(value), data_type)
    return value


def _dms_fields(
    entry: Entry, fields: dict[str, str | None]
) -> tuple[str | None, str | None, str | None]:
    """The operation, timestamp and change sequence; an absent column is None."""
    moment, sequence = entry.get("timestamp_column"), entry.get("change_seq_column")
    return (
        fields.get("op"),
        fields.get(moment.lower()) if moment else None,
        fields.get(sequence.lower()) if sequence else None,
    )

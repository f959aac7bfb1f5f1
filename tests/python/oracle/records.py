"""Read records of JSON: DMS on a stream (also converted to Parquet), row events of a binlog beside a dump."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from oracle.texts import value_of

Entry = dict[str, Any]
LETTERS = {"insert": "I", "update": "U", "delete": "D", "load": None}
EVENTS = {"WriteRowsEvent": "I", "UpdateRowsEvent": "U", "DeleteRowsEvent": "D"}


def records_in(path: Path) -> list[Any]:
    """The records of a file in order; what is no JSON is one None at its end."""
    if path.suffix == ".parquet":
        return list(pq.ParquetFile(path).read().to_pylist())
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    found: list[Any] = []
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        try:
            record, at = decoder.raw_decode(text, at)
        except ValueError:
            return [*found, None]
        found.append(record)
    return found


def record_rows(entry: Entry, path: Path) -> Iterator[dict[str, Any]]:
    """The rows of the entry's table as arguments of RawRow."""
    if entry["envelope"] == "binlog_json" and ".csv" in path.name:
        yield from _dump_rows(entry, path)
        return
    read = _event if entry["envelope"] == "binlog_json" else _record
    for number, record in enumerate(records_in(path), start=1):
        if record is None:
            yield {"number": number, "problem": "no JSON"}
        else:
            row = read(entry, record)
            if row is not None:
                yield {"number": number, **row}


def _record(entry: Entry, record: dict[str, Any]) -> dict[str, Any] | None:
    """A data record of the stream, or None for what belongs to no row of the table."""
    metadata = {name.replace("_", "-"): value for name, value in record["metadata"].items()}
    if (
        metadata.get("record-type") != "data"
        or metadata["table-name"].lower() != entry["name"].lower()
    ):
        return None
    data = _by_lower_name(record["data"])
    before = _by_lower_name(record.get("before-image") or record.get("before_image") or {})
    sequence = entry.get("change_seq_column")
    number = metadata.get("transaction-record-id")
    return {
        "operation": LETTERS[metadata["operation"]],
        "load": metadata["operation"] == "load",
        "moment": metadata.get("commit-timestamp"),
        "emitted": metadata.get("timestamp"),
        "record_number": None if number is None else int(number),
        "sequence": data.get(sequence.lower()) if sequence else None,
        **_columns(entry, data, before),
    }


def _event(entry: Entry, event: dict[str, Any]) -> dict[str, Any] | None:
    """A row event, or None for one of another table."""
    if event["table"].lower() != entry["name"].lower():
        return None
    row = event["row"]
    data = _by_lower_name(row.get("after_values") or row["values"])
    before = _by_lower_name(row.get("before_values") or {})
    return {
        "operation": EVENTS[event["type"]],
        "load": False,
        "moment": event.get("timestamp"),
        **_columns(entry, data, before),
    }


def _dump_rows(entry: Entry, path: Path) -> Iterator[dict[str, Any]]:
    names = [column["name"].lower() for column in entry["columns"]]
    with path.open(encoding="utf-8", newline="") as file:
        records = [record for record in csv.reader(file) if record]
    for number, record in enumerate(records, start=1):
        if len(record) != len(names):
            yield {"number": number, "problem": "wrong column count"}
            continue
        texts = {n: None if t == "NULL" else t for n, t in zip(names, record, strict=True)}
        yield {"number": number, "load": True, **_columns(entry, texts, {})}


def _by_lower_name(fields: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in fields.items()}


def _columns(entry: Entry, data: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Typed values, the key before the change, and the texts that did not fit."""
    values, old, bad_texts, has_bad_before = {}, {}, [], False
    for column in entry["columns"]:
        name, data_type = column["name"], column["data_type"]
        text = _text(data.get(name.lower()))
        values[name] = None if text is None else value_of(text, data_type)
        if text and values[name] is None:
            bad_texts.append((name, text))
        if name in entry["key"]:
            text = _text(before.get(name.lower()))
            old[name] = None if text is None else value_of(text, data_type)
            has_bad_before |= bool(text) and old[name] is None
    return {
        "values": values,
        "before": old,
        "bad_texts": bad_texts,
        "has_bad_before": has_bad_before,
    }


def _text(value: Any) -> str | None:
    """A value of JSON or of a struct as a text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)

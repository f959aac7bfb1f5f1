"""Rows as records: what DMS puts on a stream, and the row events of a MySQL binlog."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lake.simulate.shape import Shape
from lake.simulate.spec import TableSpec

Row = Mapping[str, Any]
WORDS = {None: "load", "I": "insert", "U": "update", "D": "delete"}
EVENTS = {"I": "WriteRowsEvent", "U": "UpdateRowsEvent", "D": "DeleteRowsEvent"}
PREFIX = "BI_"
ARROW = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "varchar": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "decimal(12,2)": pa.decimal128(12, 2),
}


def write_records(rows: Iterable[Row], spec: TableSpec, path: Path, built: datetime) -> None:
    """Write rows of `load_sql` or `change_sql` (with `_event`) as the records of the shape.

    `built` is when DMS made records of them.

    Raises OSError when the file cannot be written.
    """
    shape = spec.shape
    made = [
        _event(row, spec) if shape.envelope == "binlog_json" else _record(row, spec, built)
        for row in rows
    ]
    if shape.file_format == "parquet":
        pq.write_table(pa.Table.from_pylist(made, _schema(spec)), path)
        return
    text = _joined(
        [_without_nulls(record) if not shape.null_columns else record for record in made], shape
    )
    content = text.encode()
    path.write_bytes(gzip.compress(content) if shape.gzip else content)


def _record(row: Row, spec: TableSpec, built: datetime) -> dict[str, Any]:
    """A data record of DMS; converted by Firehose, its names have lost dashes and capitals."""
    shape = spec.shape
    operation = row.get("Op")
    names = [column.name for column in spec.declared]
    names += [shape.change_seq_column] if shape.change_seq_column else []
    metadata: dict[str, Any] = {
        "timestamp": built.isoformat(timespec="microseconds") + "Z",
        "record-type": "data",
        "operation": WORDS[operation],
        "partition-key-type": "schema-table",
        "schema-name": "SH",
        "table-name": spec.name,
    }
    if operation and shape.timestamp_column:
        metadata["commit-timestamp"] = row[shape.timestamp_column].replace(" ", "T") + "Z"
        metadata["transaction-id"] = 917505
        metadata["transaction-record-id"] = row["_event"]
    record: dict[str, Any] = {"data": {name: row[name] for name in names}, "metadata": metadata}
    if operation == "U":
        record["before-image"] = _before(row, spec)
    if shape.file_format == "parquet":
        return _converted(record)
    return record


def _before(row: Row, spec: TableSpec) -> dict[str, Any]:
    """The key before an update."""
    return {name: row[PREFIX + name] for name in spec.key}


def _event(row: Row, spec: TableSpec) -> dict[str, Any]:
    """A row event of the binlog."""
    values = {column.name: row[column.name] for column in spec.declared}
    operation = row["Op"]
    images: dict[str, Any] = {"values": values}
    if operation == "U":
        images = {"before_values": values | _before(row, spec), "after_values": values}
    event = {"schema": "SH", "table": spec.name, "type": EVENTS[operation], "row": images}
    if spec.shape.timestamp_column:
        event["timestamp"] = row[spec.shape.timestamp_column]
    return event


def _converted(record: dict[str, Any]) -> dict[str, Any]:
    """The structs that Firehose's conversion to Parquet makes of a record."""
    parts = {"before-image": "before_image"}
    return {
        parts.get(part, part): {
            name.lower().replace("-", "_"): value for name, value in fields.items()
        }
        for part, fields in record.items()
    }


def _schema(spec: TableSpec) -> pa.Schema:
    """The Arrow schema of the converted records."""
    columns = [(column.name.lower(), ARROW[column.data_type]) for column in spec.declared]
    if spec.shape.change_seq_column:
        columns.append((spec.shape.change_seq_column, pa.string()))
    before = [(c.name.lower(), ARROW[c.data_type]) for c in spec.declared if c.name in spec.key]
    words = [
        "timestamp",
        "record_type",
        "operation",
        "partition_key_type",
        "schema_name",
        "table_name",
        "commit_timestamp",
    ]
    metadata = [(word, pa.string()) for word in words]
    metadata += [("transaction_id", pa.int64()), ("transaction_record_id", pa.int64())]
    fields = [("data", pa.struct(columns)), ("metadata", pa.struct(metadata))]
    return pa.schema(fields + ([("before_image", pa.struct(before))] if before else []))


def _without_nulls(record: dict[str, Any]) -> dict[str, Any]:
    """IncludeNullAndEmpty switched off, as far as it can be undone: null columns are left out."""
    return {
        part: {name: value for name, value in fields.items() if value is not None}
        if part in ("data", "before-image")
        else fields
        for part, fields in record.items()
    }


def _joined(records: list[dict[str, Any]], shape: Shape) -> str:
    """The text of a file: a record a line, back to back, or printed over many lines."""
    indent = 2 if shape.record_layout == "pretty" else None
    texts = [json.dumps(_plain(record), indent=indent, ensure_ascii=False) for record in records]
    texts = [text.replace('"\\u0000', "").replace('\\u0000"', "") for text in texts]
    return ("" if shape.record_layout == "joined" else "\n").join(texts)


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO form, decimals as numbers with all their digits."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"\0{value}\0"  # a mark, taken out of the text again
    return value

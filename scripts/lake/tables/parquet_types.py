"""Columns of Parquet files as the registry declares them, read from the files' footers alone."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lake.errors import LakeError
from lake.tables.found import Column
from lake.tables.places import Place

TAIL_BYTES = 1 << 16
WHOLE = ("smallint", "integer", "bigint")
SIMPLE = {
    "int8": "smallint",
    "uint8": "smallint",
    "int16": "smallint",
    "uint16": "integer",
    "int32": "integer",
    "uint32": "bigint",
    "int64": "bigint",
    "uint64": "decimal(20,0)",
    "bool": "boolean",
    "float": "real",
    "double": "double",
    "string": "varchar",
    "large_string": "varchar",
    "binary": "binary",
    "large_binary": "binary",
    "date32[day]": "date",
    "time32[ms]": "time",
    "time64[us]": "time",
}


def columns_of_parquet(
    place: Place, paths: Sequence[str], fields: Mapping[str, Any]
) -> tuple[Column, ...]:
    """The columns of all the files, without those that DMS adds; where files differ, a type that holds both."""
    columns: dict[str, Column] = {}
    for path in paths:
        for item in schema_of_parquet(place, path):
            column = Column(item.name, *registry_type_of(item.type))
            known = columns.setdefault(item.name, column)
            if known.data_type != column.data_type:
                columns[item.name] = _both(known, column)
    of_dms = {"Op", fields.get("timestamp_column"), fields.get("change_seq_column")}
    prefix = fields.get("before_image_prefix")
    images = {prefix + name for name in columns} if prefix else set()
    return tuple(column for name, column in columns.items() if name not in of_dms | images)


def schema_of_parquet(place: Place, path: str) -> pa.Schema:
    """A file's schema from its footer.

    Raises:
        LakeError: the file is no Parquet file, or is cut off.
    """
    tail = place.part(path, TAIL_BYTES, from_end=True)
    size = int.from_bytes(tail[-8:-4], "little") + 8
    if size > len(tail):
        tail = place.part(path, size, from_end=True)
    try:
        return pq.read_schema(io.BytesIO(b"PAR1" + tail))
    except (pa.ArrowInvalid, OSError) as error:
        raise LakeError(
            f"--samples: {path} is not a Parquet file that can be read ({error}); "
            "take it out of the samples, or copy it again"
        ) from None


def registry_type_of(kind: Any) -> tuple[str, str]:
    """The registry's type of an Arrow type, and a note where there is none."""
    if pa.types.is_decimal(kind) and kind.precision <= 38:
        return f"decimal({kind.precision},{max(kind.scale, 0)})", ""
    if pa.types.is_timestamp(kind):
        return "timestamp", ""
    if simple := SIMPLE.get(str(kind)):
        return simple, ""
    return "varchar", f"the Parquet type {kind} is not known: kept as text"


def _both(one: Column, other: Column) -> Column:
    """A column that holds the values of both."""
    kinds = {one.data_type, other.data_type}
    note = f"files differ: {' and '.join(sorted(kinds))}"
    if kinds <= set(WHOLE):
        return Column(one.name, max(kinds, key=WHOLE.index), note)
    return Column(one.name, "varchar", note)

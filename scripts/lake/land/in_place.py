"""Parquet files as data files of their raw table where they lie: only the footer is read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.name_mapping import MappedField, NameMapping
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    LongType,
    StringType,
    TimestampType,
)

from lake.errors import LakeError
from lake.land.aws import plain_errors, split
from lake.land.commits import version_mark
from lake.land.listing import S3Object
from lake.land.project import RawTable

# Enough for the footer of most files in one request.
TAIL = 64 * 1024
UNDECLARED = -1

HOLDS: tuple[tuple[type[IcebergType], Any], ...] = (
    (BooleanType, pa.types.is_boolean),
    (IntegerType, lambda t: pa.types.is_integer(t) and t.bit_width <= 32 and t != pa.uint32()),
    (LongType, lambda t: pa.types.is_integer(t) and t not in (pa.uint32(), pa.uint64())),
    (FloatType, pa.types.is_float32),
    (DoubleType, lambda t: pa.types.is_float32(t) or pa.types.is_float64(t)),
    (StringType, lambda t: pa.types.is_string(t) or pa.types.is_large_string(t)),
    (BinaryType, lambda t: pa.types.is_binary(t) or pa.types.is_large_binary(t)),
    (DateType, pa.types.is_date32),
    (TimestampType, lambda t: pa.types.is_timestamp(t) and t.unit in ("ms", "us")),
)


WORDS = {
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "string": "VARCHAR",
    "binary": "BLOB",
    "date32[day]": "DATE",
    "time32[ms]": "TIME",
    "time64[us]": "TIME",
    "time64[ns]": "TIME_NS",
}


@dataclass(frozen=True)
class FoundColumn:
    """A column that a file holds by its own word, as the project's macros check it."""

    column_name: str
    column_type: str
    scale: int
    first_file: str


@dataclass(frozen=True)
class Footer:
    """What a Parquet file says of itself."""

    item: S3Object
    metadata: Any


def read_footer(s3: Any, table: RawTable, item: S3Object) -> Footer:
    """The footer of the very version of a file that was listed.

    Raises:
        LakeError: the object changed or vanished meanwhile, or is no Parquet file.
    """
    with plain_errors(f"{table.name}: reading the footer of {item.path}"):
        try:
            with pa.PythonFile(_Tail(s3, item), mode="r") as file:
                return Footer(item, pq.read_metadata(file))
        except (pa.ArrowInvalid, OSError) as error:
            raise LakeError(
                f"{table.name}: {item.path} is no readable Parquet file ({error}). Deliver it again, or move it away."
            ) from error


def own_copy(s3: Any, table: RawTable, target: Table, item: S3Object) -> S3Object:
    """A copy of an object that was written over, in the raw table's place, under a path of its own.

    A path that Iceberg knows stands for the same bytes for ever, and readers keep what they read of
    it; so new bytes need a new path. S3 copies by itself, and the name at its end stays.

    Raises:
        LakeError: the object changed or vanished meanwhile.
    """
    version = version_mark(item.size_bytes, item.etag, "")
    name = item.path.removeprefix(table.folder + "/")
    place = f"{target.location().rstrip('/')}/copies/{version}/{name}"
    (bucket, key), (source, source_key) = split(place), split(item.path)
    with plain_errors(f"{table.name}: copying {item.path}"):
        s3.copy(
            {"Bucket": source, "Key": source_key},
            bucket,
            key,
            ExtraArgs={"CopySourceIfMatch": f'"{item.etag}"'},
        )
        etag = s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
    return S3Object(place, item.size_bytes, item.last_modified, etag)


class _Tail(io.RawIOBase):
    """A file on S3 to read the end of: one request, more only where the footer is long."""

    def __init__(self, s3: Any, item: S3Object) -> None:
        self.s3, self.item, self.at = s3, item, 0
        self.begins, self.bytes = item.size_bytes, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.item.size_bytes}[whence]
        self.at = base + offset
        return self.at

    def read(self, size: int = -1) -> bytes:
        end = self.item.size_bytes if size < 0 else min(self.at + size, self.item.size_bytes)
        if self.at < self.begins and self.at < end:
            begins = max(0, min(self.at, self.item.size_bytes - TAIL))
            self.bytes = self._fetch(begins, self.begins - 1) + self.bytes
            self.begins = begins
        piece = self.bytes[self.at - self.begins : end - self.begins]
        self.at = end
        return piece

    def _fetch(self, first: int, last: int) -> bytes:
        bucket, key = split(self.item.path)
        answer = self.s3.get_object(
            Bucket=bucket, Key=key, Range=f"bytes={first}-{last}", IfMatch=f'"{self.item.etag}"'
        )
        return bytes(answer["Body"].read())


def check_types(table: RawTable, schema: Schema, footer: Footer) -> None:
    """Refuse a file whose values the raw table cannot show where they lie.

    Raises:
        LakeError: the file holds a column as a type that Athena cannot read as the declared one.
    """
    there = {field.name.lower(): field for field in schema.fields}
    for column in footer.metadata.schema.to_arrow_schema():
        field = there.get(column.name.lower())
        if field is not None and not holds(field.field_type, column.type):
            raise LakeError(
                f"{table.name}: {footer.item.path} holds column `{column.name}` as {column.type}, which Athena cannot "
                f"read as {field.field_type}. Declare a type that holds it, or set `landing: rewrite` for this table, "
                "which casts values while landing."
            )


def holds(declared: IcebergType, stored: pa.DataType) -> bool:
    """Whether Athena reads a stored Parquet type as the declared one, without losing anything."""
    if isinstance(declared, DecimalType):
        return (
            pa.types.is_decimal(stored)
            and stored.scale == declared.scale
            and stored.precision <= declared.precision
        )
    return any(isinstance(declared, kind) and fits(stored) for kind, fits in HOLDS)


def parquet_columns(footer: Footer) -> list[FoundColumn]:
    """The columns of a Parquet file by its footer, in DuckDB's words for them."""
    found = []
    for column in footer.metadata.schema.to_arrow_schema():
        scale = max(column.type.scale, 0) if pa.types.is_decimal(column.type) else 0
        found.append(FoundColumn(column.name, word_of(column.type), scale, footer.item.path))
    return found


def word_of(stored: pa.DataType) -> str:
    """DuckDB's word for a type."""
    if pa.types.is_decimal(stored):
        return f"DECIMAL({stored.precision},{max(stored.scale, 0)})"
    if pa.types.is_timestamp(stored):
        zone = " WITH TIME ZONE" if stored.tz else ""
        return "TIMESTAMP_NS" if stored.unit == "ns" else f"TIMESTAMP{zone}"
    return WORDS.get(str(stored), str(stored).upper())


def data_file_of(table: Table, footer: Footer) -> DataFile:
    """The entry that registers a file where it lies: without statistics (`properties_of` says why).

    Columns that the table lacks are passed over.
    """
    schema = table.schema()
    ids = _Ids({field.name.lower(): field.field_id for field in schema.fields})
    plan = compute_statistics_plan(schema, table.metadata.properties)
    none = next(iter(plan.values()))
    statistics = data_file_statistics_from_parquet_metadata(
        footer.metadata, {**plan, UNDECLARED: none}, ids
    )
    for counts in (
        statistics.column_sizes,
        statistics.value_counts,
        statistics.null_value_counts,
        statistics.nan_value_counts,
    ):
        counts.clear()
    return entry_of(table, footer.item.path, footer.item.size_bytes, statistics)


def entry_of(table: Table, path: str, size_bytes: int, statistics: Any) -> DataFile:
    """A data file's entry in a table without partitions."""
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=path,
        file_format=FileFormat.PARQUET,
        partition=statistics.partition(table.metadata.spec(), table.schema()),
        file_size_in_bytes=size_bytes,
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **statistics.to_serialized_dict(),
    )


class _Ids(dict[str, int]):
    """Field ids by column name, whatever its case; one id for all that is not declared."""

    def __missing__(self, name: str) -> int:
        return self.get(name.lower(), UNDECLARED)


def mapping_for(table: Table, footers: Iterable[Footer]) -> NameMapping | None:
    """The table's name mapping with the spellings of these files added, or None where it has them.

    Iceberg finds the columns of files without field ids by exact name; DMS writes them as the
    source spells them, which may be another case than the registry's.
    """
    mapping = table.name_mapping() or table.schema().name_mapping
    there: Mapping[str, int] = {
        field.name.lower(): field.field_id for field in table.schema().fields
    }
    spelled: dict[int, set[str]] = {}
    for footer in footers:
        for name in footer.metadata.schema.to_arrow_schema().names:
            if name.lower() in there:
                spelled.setdefault(there[name.lower()], set()).add(name)
    fields, is_new = [], False
    for field in mapping.root:
        missing = spelled.get(field.field_id or 0, set()) - set(field.names)
        is_new = is_new or bool(missing)
        names = [*field.names, *sorted(missing)]
        fields.append(MappedField(field_id=field.field_id, names=names, fields=field.fields))
    return NameMapping(fields) if is_new else None

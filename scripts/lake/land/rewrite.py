"""Text files (and Parquet files whose order is their rows' place) as one Parquet file each, with path and row number."""

from __future__ import annotations

import contextlib
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.table import Table

from lake.errors import LakeError
from lake.land.aws import plain_errors, split
from lake.land.commits import Landed, path_mark, version_mark
from lake.land.in_place import FoundColumn, entry_of
from lake.land.listing import S3Object
from lake.land.project import RawTable
from lake.sql import literal, quoted

FILE_PLACE = "@file@"


@dataclass(frozen=True)
class StreamRun:
    """Load records, or changes, of one file that DMS built one after the other.

    Attributes:
        file: The file's path below its table's folder.
        phase: `load` or `change`.
        first_at, last_at: When DMS built the first and the last of them (UTC, without a zone).
    """

    file: str
    phase: str
    first_at: datetime
    last_at: datetime


@contextlib.contextmanager
def fetched(s3: Any, table: RawTable, item: S3Object, home: Path) -> Iterator[Path]:
    """The very version of an object that was listed, as a file of the same name below `home`.

    Raises:
        LakeError: the object changed or vanished meanwhile.
    """
    bucket, key = split(item.path)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        place = Path(folder) / key.rsplit("/", 1)[-1]
        with plain_errors(f"{table.name}: reading {item.path}"):
            answer = s3.get_object(Bucket=bucket, Key=key, IfMatch=f'"{item.etag}"')
            with place.open("wb") as file:
                for piece in answer["Body"].iter_chunks(1 << 20):
                    file.write(piece)
        yield place


def rewrite(
    s3: Any, table: RawTable, target: Table, item: S3Object, source: Path, memory: str
) -> Landed:
    """Write the rows of a raw file as a data file of the raw table and upload it.

    `source` is the raw file on this machine, under its own name; `memory` is DuckDB's limit, e.g.
    `1GB`: what does not fit goes to a folder beside the file.

    Raises:
        LakeError: the file cannot be read as the registry says.
    """
    out = source.with_name("landed.parquet")
    _write(table, target, item, source, out, memory)
    metadata = pq.read_metadata(out)
    schema = target.schema()
    statistics = data_file_statistics_from_parquet_metadata(
        metadata,
        compute_statistics_plan(schema, target.metadata.properties),
        parquet_path_to_id_mapping(schema),
    )
    statistics.column_sizes.clear()
    place = data_path(table, target, item)
    bucket, key = split(place)
    with plain_errors(f"{table.name}: writing {place}"):
        s3.upload_file(str(out), bucket, key)
    return Landed(item.path, entry_of(target, place, out.stat().st_size, statistics))


def data_path(table: RawTable, target: Table, item: S3Object) -> str:
    """Where the rewritten file goes: its name says which version of which raw file it holds."""
    version = version_mark(item.size_bytes, item.etag, table.read_sql or "")
    name = f"{path_mark(item.path)}-{version}-{uuid.uuid4().hex[:12]}.parquet"
    return f"{target.location().rstrip('/')}/data/{name}"


def _write(
    table: RawTable, target: Table, item: S3Object, source: Path, out: Path, memory: str
) -> None:
    ids = {field.name.lower(): field.field_id for field in target.schema().fields}
    fields = ", ".join(f"{quoted(name)}: {ids[name.lower()]}" for name, _ in table.columns)
    with _reading(table, item, source, memory) as connection:
        if ends_in_a_quote(connection, table, item, source):
            raise LakeError(f"{table.name}: `{item.path}` {table.open_quote}")
        connection.execute(f"set variable dms_lake_raw_path = {literal(item.path)}")
        connection.execute(
            f"copy (\n{table.read_sql}\n) to {literal(str(out))} "
            f"(format parquet, compression zstd, field_ids {{{fields}}})"
        )


@contextlib.contextmanager
def _reading(
    table: RawTable, item: S3Object, source: Path, memory: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which the registry's texts read one file, in bounded memory; its errors name the file."""
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = {literal(memory)}")
        connection.execute("set threads = 1")
        connection.execute(f"set temp_directory = {literal(str(source.parent / 'spill'))}")
        connection.execute(f"set variable {table.variable} = [{literal(str(source))}]")
        try:
            yield connection
        except duckdb.Error as error:
            text = str(error).replace(str(source), item.path).splitlines()[0]
            raise LakeError(
                f"{table.name}: {item.path} cannot be read as the registry says: {text}"
            ) from error


def stream_runs(table: RawTable, item: S3Object, source: Path, memory: str) -> list[StreamRun]:
    """What a file of a stream says of full loads; nothing where the table's files are no stream.

    Raises:
        LakeError: the file cannot be read as the registry says.
    """
    if table.stream_sql is None:
        return []
    with _reading(table, item, source, memory) as connection:
        rows = connection.execute(
            f"select phase, first_at, last_at from (\n{table.stream_sql}\n) as runs"
        ).fetchall()
    file = item.path[len(table.folder) + 1 :]
    return [StreamRun(file, *row) for row in rows]


def ends_in_a_quote(
    connection: duckdb.DuckDBPyConnection, table: RawTable, item: S3Object, source: Path
) -> bool:
    """Whether a CSV file ends inside a quoted value: rows behind that quote would be lost."""
    if table.csv_names is None or not re.search(table.csv_names, item.path):
        return False
    queries = [_of_file(query, source) for query in table.quotes_sql]
    return all(connection.execute(query).fetchall() for query in queries)


def _of_file(query: str, source: Path) -> str:
    """A query about the file on this machine."""
    return query.replace(FILE_PLACE, str(source).replace("'", "''"))


def columns_of(table: RawTable, item: S3Object, source: Path) -> list[FoundColumn]:
    """The columns that a file names itself (Parquet, CSV with a header line); nothing where it does not."""
    if table.columns_sql is None:
        return []
    with duckdb.connect() as connection:
        rows = connection.execute(_of_file(table.columns_sql, source)).fetchall()
    return [FoundColumn(name, kind, scale, item.path) for name, kind, scale, _ in rows]


def check_values(
    table: RawTable, item: S3Object, source: Path, columns: Iterable[FoundColumn]
) -> None:
    """Refuse a Parquet file with a value that its column's declared type would round, cut or garble.

    Raises:
        LakeError: there is one.
    """
    for column in columns:
        key = ((column.column_name or "").lower(), column.column_type)
        query, says = table.misfits.get(key, (None, ""))
        if query is None:
            continue
        with duckdb.connect() as connection:
            if connection.execute(_of_file(query, source)).fetchall():
                raise LakeError(f"{table.name}: {says.replace(FILE_PLACE, item.path)}")

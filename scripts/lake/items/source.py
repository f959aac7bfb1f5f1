"""Where a model's rows come from: the DuckDB file, or on Athena the files of the table that it is."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake.errors import LakeError, UsageError
from lake.run.project import Project
from lake.sql import quoted

# Enough for a hash of keys to spill early; measured with ten million rows.
MEMORY = "1GB"
ROWS = "items_of_model"


@dataclass(frozen=True)
class Source:
    """Rows to read, more than once.

    Attributes:
        columns: Name and DuckDB type of each column.
        query: Runs an SQL text over `items_of_model`, and gives a relation of DuckDB.
    """

    columns: dict[str, Any]
    query: Callable[[str], Any]


def find_model(project: Project, name: str) -> Any:
    """The model of that name.

    Raises:
        UsageError: there is none; close names are said.
    """
    import difflib

    models = {
        node.name: node for node in project.manifest.nodes.values() if node.resource_type == "model"
    }
    if name not in models:
        close = difflib.get_close_matches(name, models, 3) or sorted(models)[:5]
        raise UsageError(f"the project has no model {name}; it has: {', '.join(close)} …")
    return models[name]


@contextlib.contextmanager
def rows_of(project: Project, node: Any) -> Iterator[Source]:
    """The rows of a built model.

    Raises:
        LakeError: it is not built, or on Athena it is a view.
    """
    import duckdb

    relation = node.alias or node.name
    with tempfile.TemporaryDirectory(prefix="dms_lake_items_") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": spill,
            "preserve_insertion_order": False,
        }
        if project.engine == "duckdb":
            path = Path(project.credentials.path)
            path = path if path.is_absolute() else project.folder / path
            try:
                connection = duckdb.connect(str(path), read_only=True, config=settings)
            except duckdb.Error as error:
                raise LakeError(f"{path} cannot be opened: {error}") from error
            there = f"{quoted(node.schema)}.{quoted(relation)}"
            refresh = None
        else:
            connection = duckdb.connect(":memory:", config=settings)
            there, refresh = "arriving", _athena_reader(project, node.schema, relation)
        with connection:
            connection.execute("set TimeZone = 'UTC'")

            def query(text: str) -> Any:
                if refresh:
                    connection.register("arriving", refresh())
                return connection.sql(f"with {ROWS} as (select * from {there}) {text}")

            try:
                found = query(f"select * from {ROWS} limit 0")
            except duckdb.CatalogException as error:
                raise LakeError(
                    f"{node.name} is not built; run `lake run --select {node.name}` first"
                ) from error
            yield Source(dict(zip(found.columns, found.types, strict=True)), query)


def _athena_reader(project: Project, schema: str, table: str) -> Callable[[], Any]:
    """A fresh stream of a stored table's Arrow batches at every call, file by file, without a query of Athena."""
    from lake.land.aws import Aws, plain_errors

    aws = Aws(project.credentials)
    with plain_errors(f"{table}: asking Glue"):
        found = aws.glue.get_table(DatabaseName=schema, Name=table)["Table"]
    kind = found.get("Parameters", {}).get("table_type", found.get("TableType", ""))
    if kind.upper() == "ICEBERG":
        stored = aws.catalog().load_table((schema, table))
        return lambda: iceberg_rows(stored)
    place = found.get("StorageDescriptor", {}).get("Location", "")
    if "VIEW" in kind.upper() or not place:
        raise LakeError(
            f"{table} is a view on Athena, and only stored rows are exported; materialize it as a table"
        )
    return lambda: _parquet(aws, place)


def iceberg_rows(stored: Any) -> Any:
    """The batches of an Iceberg table, one file after the other.

    Its own reader opens all files at once, and keeps whole what is not asked for yet: the table, where the asker is slower.
    """
    import pyarrow as pa
    from pyiceberg.io.pyarrow import ArrowScan, _read_all_delete_files, schema_to_pyarrow

    scan = stored.scan()
    schema = schema_to_pyarrow(scan.projection())
    reading = ArrowScan(scan.table_metadata, scan.io, scan.projection(), scan.row_filter)

    def batches() -> Iterator[Any]:
        for task in scan.plan_files():
            deletes = _read_all_delete_files(scan.io, [task])
            yield from reading._record_batches_from_scan_tasks_and_deletes([task], deletes)

    return pa.RecordBatchReader.from_batches(schema, batches()).cast(schema)


def _parquet(aws: Any, place: str) -> Any:
    """The batches of a Parquet table that lies below a place on S3."""
    import os

    import pyarrow.dataset as ds
    from pyarrow.fs import S3FileSystem

    keys = aws.session.get_credentials().get_frozen_credentials()
    files = S3FileSystem(
        access_key=keys.access_key,
        secret_key=keys.secret_key,
        session_token=keys.token,
        region=aws.credentials.region_name,
        endpoint_override=os.environ.get("AWS_ENDPOINT_URL_S3")
        or os.environ.get("AWS_ENDPOINT_URL"),
    )
    found = ds.dataset(place.removeprefix("s3://").rstrip("/"), filesystem=files, format="parquet")
    return found.scanner(batch_size=20_000, batch_readahead=2, fragment_readahead=1).to_reader()

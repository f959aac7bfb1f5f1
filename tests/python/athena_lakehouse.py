"""The small lake of `lakehouse.py` on Athena: the same project, files and questions, other tables.

Raw files are put on S3 and registered in Iceberg tables in place; the ledger's list of files is the one that the DuckDB
target of the same project makes, so both engines read the same files of the same generations.
"""

from __future__ import annotations

import json
import struct
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
import trino
import yaml
from pyiceberg.catalog import load_catalog
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
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
    NestedField,
    StringType,
    TimestampType,
)

from athena_fixture import AthenaPlace
from lakehouse import REPOSITORY, Lakehouse, Outcome, Row, Table

TYPES: dict[str, IcebergType] = {
    "bigint": LongType(),
    "integer": IntegerType(),
    "smallint": IntegerType(),
    "boolean": BooleanType(),
    "double": DoubleType(),
    "real": FloatType(),
    "varchar": StringType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "binary": BinaryType(),
}


class AthenaLakehouse(Lakehouse):
    """A lake on Athena, and its twin on DuckDB over the same files.

    Args:
        home: an empty folder of the test's own.
        place: the test's own Glue database and S3 folder.
        tables: the registered Parquet tables of the one source `shop`, by name.
        source: registry fields that all of them share.
    """

    def __init__(
        self,
        home: Path,
        place: AthenaPlace,
        tables: Mapping[str, Table],
        source: Mapping[str, Any] | None = None,
    ) -> None:
        self.place = place
        self.catalog = load_catalog("glue", **place.local.pyiceberg_properties())
        self._landed: set[tuple[str, float]] = set()
        super().__init__(home, tables, source)
        profiles = yaml.safe_load((self.project / "profiles.yml").read_text())
        example = yaml.safe_load((REPOSITORY / "profiles.example.yml").read_text())
        profiles["dms_lake"]["outputs"]["athena"] = example["dms_lake"]["outputs"]["athena"] | {
            "poll_interval": 0.05
        }
        (self.project / "profiles.yml").write_text(yaml.safe_dump(profiles))

    def register_text(self, registry: str, tables: Iterable[str]) -> None:
        """Write the registry with a root and a raw schema that suit either target."""
        document = yaml.safe_load(registry)
        source = document["sources"][0]
        source["schema"] = self.place.database
        meta = source["config"]["meta"]["dms_lake"]
        meta["root"] = (
            "{{ '" + self.root + "' if target.type == 'athena' else '" + str(self.lake) + "' }}"
        )
        super().register_text(yaml.safe_dump(document, sort_keys=False), tables)

    @property
    def root(self) -> str:
        """Where the raw files lie on S3."""
        return self.place.prefix + "raw"

    def path(self, file: str | Path) -> str:
        """Where a file of the local lake lies on S3."""
        return f"{self.root}/{Path(file).relative_to(self.lake)}"

    def local(self, path: str) -> str:
        """Where a file on S3 lies in the local lake."""
        return str(self.lake / path.removeprefix(self.root + "/"))

    def athena(self, *arguments: str) -> Outcome:
        """Run dbt on Athena and keep what it says."""
        return self.dbt(*arguments, "--target", "athena")

    def land(self) -> None:
        """Bring the DuckDB twin up to date, and its files and their list to Athena."""
        outcome = self.dbt("run", "--target", "duckdb", "--select", "changes")
        assert outcome.success, outcome.text
        for table in self._registered():
            self._land_files(*table)
        self._land_ledger()

    def build(self, *arguments: str) -> Outcome:
        """Land, then `dbt build` on Athena, which must succeed."""
        self.land()
        outcome = self.athena("build", *arguments)
        assert outcome.success, outcome.text
        return outcome

    def operation(self, macro: str, **arguments: Any) -> Outcome:
        """`dbt run-operation` on Athena, which must succeed."""
        outcome = self.athena("run-operation", macro, "--args", yaml.safe_dump(arguments))
        assert outcome.success, outcome.text
        return outcome

    def sql(self, query: str) -> list[Row]:
        """The rows of a query over the Athena tables, values as Python's."""
        url = urlsplit(self.place.local.trino_url)
        with trino.dbapi.connect(
            host=url.hostname,
            port=url.port,
            user="test",
            catalog="awsdatacatalog",
            schema=self.place.database,
            timezone="UTC",
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            rows = cursor.fetchall()
            columns = [(column[0], column[1]) for column in cursor.description or []]
        return [
            {name: _value(value, type_) for (name, type_), value in zip(columns, row, strict=True)}
            for row in rows
        ]

    def _registered(self) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
        """Name, registry fields and columns of every table."""
        document = yaml.safe_load((self.project / "models/raw/_shop__sources.yml").read_text())
        source = document["sources"][0]
        shared = source["config"]["meta"]["dms_lake"]
        return [
            (t["name"], {**shared, **t["config"]["meta"]["dms_lake"]}, t["columns"])
            for t in source["tables"]
        ]

    def _land_files(self, name: str, meta: dict[str, Any], columns: list[dict[str, Any]]) -> None:
        raw = self._raw_table(name, _raw_columns(meta, columns))
        folder = self.lake / name
        fresh = []
        for file in sorted(folder.rglob("*.parquet")) if folder.exists() else []:
            version = (str(file), file.stat().st_mtime)
            if version not in self._landed:
                self._landed.add(version)
                bucket, _, key = self.path(file).removeprefix("s3://").partition("/")
                self.place.local.client("s3").upload_file(str(file), bucket, key)
                fresh.append(self.path(file))
        for path in set(fresh) & set(raw.inspect.data_files()["file_path"].to_pylist()):
            self._forget(raw, path)
            raw = raw.refresh()
        if fresh:
            raw.add_files(fresh)

    def _raw_table(self, name: str, columns: dict[str, IcebergType]) -> IcebergTable:
        identifier = (self.place.database, name)
        if not self.catalog.table_exists(identifier):
            names = [{"field-id": n, "names": [c]} for n, c in enumerate(columns, start=1)]
            return self.catalog.create_table(
                identifier,
                schema=Schema(
                    *[NestedField(n, c, t) for n, (c, t) in enumerate(columns.items(), start=1)]
                ),
                location=f"{self.place.prefix}raw_tables/{name}",
                properties={"schema.name-mapping.default": json.dumps(names)},
            )
        table = self.catalog.load_table(identifier)
        held = {field.name: field.field_type for field in table.schema().fields}
        with table.update_schema() as update:
            for column, type_ in columns.items():
                if column not in held:
                    update.add_column(column, type_)
                elif held[column] != type_:
                    update.update_column(column, type_)
        return table.refresh()

    def _forget(self, raw: IcebergTable, path: str) -> None:
        with (
            raw.transaction() as transaction,
            transaction.update_snapshot().overwrite() as overwrite,
        ):
            for task in raw.scan().plan_files():
                if task.file.file_path == path:
                    overwrite.delete_data_file(task.file)

    def _land_ledger(self) -> None:
        """The twin's files and generations, under the paths of S3."""
        for name in ("files", "generations"):
            with duckdb.connect(str(self.database), read_only=True) as connection:
                rows = connection.sql(f"select * from dms_lake_{name}").to_arrow_table()
            if name == "files":
                paths = pa.array([self.path(path) for path in rows["path"].to_pylist()])
                rows = rows.set_column(2, "path", paths)
            identifier = (self.place.database, f"dms_lake_{name}")
            location = f"{self.place.prefix}tables/dms_lake_{name}/{uuid.uuid4()}"
            if not self.catalog.table_exists(identifier):
                self.catalog.create_table(identifier, schema=rows.schema, location=location)
            self.catalog.load_table(identifier).overwrite(rows)


def _raw_columns(meta: dict[str, Any], columns: list[dict[str, Any]]) -> dict[str, IcebergType]:
    """Every column that the files of a table may have, with its Iceberg type."""
    prefix = meta.get("before_image_prefix")
    typed = {column["name"]: _iceberg_type(column["data_type"]) for column in columns}
    dms = ["Op", meta.get("timestamp_column"), meta.get("change_seq_column")]
    before = {prefix + name: typed[name] for name in meta["key"]} if prefix else {}
    return {name: StringType() for name in dms if name} | typed | before


def _iceberg_type(data_type: str) -> IcebergType:
    kind = data_type.replace(" ", "")
    if kind.startswith("decimal"):
        precision, scale = kind[len("decimal(") : -1].split(",")
        return DecimalType(int(precision), int(scale))
    return TYPES[kind]


def _value(value: Any, type_: str) -> Any:
    """A value as DuckDB gives it: Trino writes a `real` by its shortest text."""
    if type_ == "real" and value is not None:
        return struct.unpack("f", struct.pack("f", value))[0]
    return value

"""A small lake on S3 and Glue that moto plays, with a dbt project over it whose target is Athena."""

from __future__ import annotations

import datetime as dt
import logging
import os
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from pyiceberg.table import Table as IcebergTable

from lake.athena_local.moto_server import mend_glue
from lake.land import raw_tables
from lake.land.aws import Aws
from lake.land.commits import Held
from lake.land.ledger import TABLES, Ledger
from lake.land.project import Project, RawTable
from lake.land.run import Lander, Landing, Options, Report
from lakehouse import Lakehouse, Row, Table

BUCKET = "lake-bucket"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def moto_server() -> Iterator[str]:
    """A moto server in this process, its Glue refusing a commit on an outdated version as AWS does."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    mend_glue()
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        # What an earlier server of this process held is still there.
        url = f"http://{host}:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"))
        yield url
    finally:
        server.stop()


@contextmanager
def moto_environment() -> Iterator[None]:
    """A moto server with an empty bucket and Glue databases, and an environment that leads to it alone."""
    with moto_server() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": url}.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        boto3.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        for name in ("lake", "shop"):
            boto3.client("glue").create_database(DatabaseInput={"Name": name})
        yield


@dataclass(frozen=True)
class Place:
    """Where a lake lies: DMS's files and the tables on S3, the raw tables and the ledger in Glue."""

    bucket: str = BUCKET
    folder: str = "dms"
    tables: str = "tables"
    raw_database: str = "shop"
    database: str = "lake"


class MotoLake(Lakehouse):
    """A Lakehouse whose files lie on S3 and whose project's own target is Athena."""

    def __init__(
        self, home: Path, tables: Mapping[str, Table], place: Place | None = None, **named: Any
    ) -> None:
        self.place = place or Place()
        self.root = f"s3://{self.place.bucket}/{self.place.folder}"
        super().__init__(home, tables, {"root": self.root}, **named)
        self.s3 = boto3.client("s3")
        self.glue = boto3.client("glue")
        self.warnings: list[str] = []
        self._opened: Project | None = None
        self._described: dict[str, RawTable] = {}

    def _write_project(self) -> None:
        super()._write_project()
        path = self.project / "profiles.yml"
        profile = yaml.safe_load(path.read_text())
        profile["dms_lake"]["target"] = "athena"
        profile["dms_lake"]["outputs"]["athena"] = {
            "type": "athena",
            "region_name": os.environ["AWS_DEFAULT_REGION"],
            "database": "awsdatacatalog",
            "schema": self.place.database,
            "s3_data_dir": f"s3://{self.place.bucket}/{self.place.tables}/",
            "s3_staging_dir": f"s3://{self.place.bucket}/staging/",
        }
        path.write_text(yaml.safe_dump(profile))

    def register_text(self, registry: str, tables: Iterable[str]) -> None:
        """The registry, its raw tables in the place's own Glue database."""
        text = yaml.safe_load(registry)
        text["sources"][0].setdefault("schema", self.place.raw_database)
        super().register_text(yaml.safe_dump(text, sort_keys=False), tables)

    @property
    def opened(self) -> Project:
        """The project as the commands see it, parsed once per registry."""
        if self._opened is None:
            self._opened = Project.open(self.project, None)
            self._described = {table.name: table for table in self._opened.describe([])}
        return self._opened

    @property
    def aws(self) -> Aws:
        """The door to moto."""
        return Aws(self.opened.credentials)

    @contextmanager
    def registered(self, tables: Mapping[str, Table], **source: Any) -> Iterator[None]:
        """Another registry for a while; `schema` is the Glue database, the rest are registry fields."""
        place = self.project / "models" / "raw" / "_shop__sources.yml"
        before, opened, described = place.read_text(), self._opened, self._described
        schema = source.pop("schema", self.place.raw_database)
        self.register(tables, {"root": self.root, **source})
        text = yaml.safe_load(place.read_text())
        text["sources"][0]["schema"] = schema
        place.write_text(yaml.safe_dump(text))
        self._opened = None
        try:
            yield
        finally:
            place.write_text(before)
            self._opened, self._described = opened, described

    def described(self, *names: str) -> list[RawTable]:
        """The registered tables of these names, or all."""
        assert self.opened
        wanted = [f"shop.{name}" for name in names] or list(self._described)
        return [self._described[name] for name in wanted]

    def deliver(self, table: str, name: str, content: str | pa.Table, modified: str = "") -> None:
        """Put an object into a table's folder; its last-modified time (UTC) is now, unless moto is in this process."""
        key = f"{self.place.folder}/{table}/{name}"
        if isinstance(content, str):
            body = content.encode()
        else:
            sink = pa.BufferOutputStream()
            pq.write_table(content, sink)
            body = sink.getvalue().to_pybytes()
        self.s3.put_object(Bucket=self.place.bucket, Key=key, Body=body)
        if modified:
            self.set_time(key, dt.datetime.fromisoformat(modified))

    def set_time(self, key: str, moment: dt.datetime) -> None:
        """Set an object's last-modified time (UTC), which S3 itself lets nobody do."""
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends

        backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        backend.buckets[BUCKET].keys[key].last_modified = moment

    def remove(self, table: str, name: str) -> None:
        """Delete an object."""
        self.s3.delete_object(Bucket=self.place.bucket, Key=f"{self.place.folder}/{table}/{name}")

    def land_all(self, *names: str, **options: Any) -> Report:
        """`lake land --table …` for these tables."""
        report = Lander(self.opened, self.aws, Options(**options)).land(self.described(*names))
        self.warnings = report.warnings
        return report

    def land(self, name: str, **options: Any) -> Landing:
        """`lake land --table …` for one table."""
        return self.land_all(name, **options).landings[0]

    def loaded(self, name: str) -> IcebergTable:
        """The raw table as it is now."""
        return raw_tables.load(self.aws, self.described(name)[0])

    def raw(self, name: str) -> list[Row]:
        """The rows of a raw table, in the order of path and row number."""
        rows: list[Row] = self.loaded(name).scan().to_arrow().to_pylist()
        return sorted(
            rows,
            key=lambda row: (row.get("_raw_file_path"), row.get("_raw_file_row_number")),
        )

    def data_files(self, name: str) -> list[Any]:
        """The data files of a raw table."""
        return Held().files(self.loaded(name), lambda path: True)

    def snapshots(self, name: str) -> list[int]:
        """Every snapshot of a raw table and of the ledger, by number."""
        ledger = Ledger(self.aws, self.place.database)
        tables = [self.loaded(name), *(ledger.table(part) for part in TABLES)]
        return [s.snapshot_id for table in tables for s in table.snapshots()]

    def ledger(self, name: str, table: str) -> list[Row]:
        """The ledger's rows of one source table."""
        rows = Ledger(self.aws, self.place.database).rows(name, [f"shop.{table}"])
        return [dict(zip(TABLES[name], row, strict=True)) for row in rows]

    def forget(self, table: str) -> None:
        """Begin a table anew: no objects, no rows, no ledger."""
        where = {"Bucket": self.place.bucket}
        found = self.s3.list_objects_v2(**where, Prefix=f"{self.place.folder}/{table}/")
        for item in found.get("Contents", []):
            self.s3.delete_object(**where, Key=item["Key"])
        ledger = Ledger(self.aws, self.place.database)
        for name in TABLES:
            ledger.table(name).delete(f"source_table = 'shop.{table}'")
        self.loaded(table).delete("true")

    def versions(self, table: str) -> dict[tuple[str, int], str]:
        """Generation and status of each file version in the ledger, by name and number of its version."""
        rows = sorted(
            self.ledger("files", table), key=lambda row: (row["file"], row["last_modified"])
        )
        count: Counter[str] = Counter()
        found = {}
        for row in rows:
            count[row["file"]] += 1
            found[row["file"], count[row["file"]]] = f"{row['generation']} {row['status']}"
        return found


@contextmanager
def registered_lake(
    home: Path, tables: Mapping[str, Table], but: Iterable[str] = ()
) -> Iterator[MotoLake]:
    """A lake on a moto of its own, with a raw table for each source table but those named."""
    with moto_environment():
        lake = MotoLake(home, tables)
        for table in lake.described():
            if table.identifier not in but:
                raw_tables.register(lake.aws, table)
        yield lake

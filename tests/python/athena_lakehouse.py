"""The small lake of `lakehouse.py` on Athena: the same files, registry and questions; `lake land` brings the files in."""

from __future__ import annotations

import datetime as dt
import struct
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trino
import yaml

from athena_fixture import AthenaPlace
from lake.errors import LakeError
from lake.land import raw_tables
from lake.land.aws import Aws
from lake.land.project import Project, RawTable
from lake.land.run import Lander, Landing, Options, Report
from lakehouse import REPOSITORY, Lakehouse, Outcome, Row, Table


class AthenaLakehouse(Lakehouse):
    """A lake whose files are put on S3 and whose dbt project writes on Athena.

    Args:
        home: an empty folder of the test's own.
        place: the test's own Glue database and S3 folder.
        tables: the registered tables of the one source `shop`, by name.
        source: registry fields that all of them share.
        models: which rooms get a model for each table.
    """

    def __init__(
        self,
        home: Path,
        place: AthenaPlace,
        tables: Mapping[str, Table],
        source: Mapping[str, Any] | None = None,
        models: Sequence[str] = ("chg", "lat", "cur", "rej"),
    ) -> None:
        self.place = place
        self._put: dict[Path, float] = {}
        self._project: Project | None = None
        self._registered: dict[str, RawTable] = {}
        super().__init__(home, tables, source, models)
        profiles = yaml.safe_load((self.project / "profiles.yml").read_text())
        example = yaml.safe_load((REPOSITORY / "profiles.example.yml").read_text())
        athena = example["dms_lake"]["outputs"]["athena"] | {"poll_interval": 0.05}
        profiles["dms_lake"]["outputs"]["athena"] = athena
        (self.project / "profiles.yml").write_text(yaml.safe_dump(profiles))

    @property
    def has_common_profile(self) -> bool:
        """False: every test has a database of its own."""
        return False

    @property
    def raw_root(self) -> str:
        """Where the raw files lie on S3."""
        return self.place.prefix + "raw"

    @property
    def numbers_rows(self) -> bool:
        """False: a Parquet file that is registered where it lies has no row numbers here."""
        return False

    def local(self, path: str) -> str:
        """Where a file on S3 lies on this machine."""
        return str(self.lake / path.removeprefix(self.raw_root + "/"))

    def register_text(self, registry: str, tables: Iterable[str]) -> None:
        """Write a registry whose raw tables are in the test's own database, and whose root suits either target."""
        document = yaml.safe_load(registry)
        source = document["sources"][0]
        source["schema"] = self.place.database
        shared = source["config"]["meta"]["dms_lake"]
        shared["root"] = (
            "{{ '" + self.raw_root + "' if target.type == 'athena' else '" + str(self.lake) + "' }}"
        )
        super().register_text(yaml.safe_dump(document, sort_keys=False), tables)
        self.parse_anew()

    def parse_anew(self) -> None:
        """After a change of the registry: what `lake land` knew of the project is outdated."""
        self._project = None

    def dbt(self, *arguments: str) -> Outcome:
        """Run dbt on Athena, unless `--target` says otherwise."""
        target = () if "--target" in arguments else ("--target", "athena")
        return super().dbt(*arguments, *target)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Dbt on Athena in a process of its own, which writes what it says to a pipe."""
        place, target = str(self.project), f"target-{time.monotonic_ns()}"
        command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments]
        command += ["--target", "athena", "--target-path", target]
        command += ["--project-dir", place, "--profiles-dir", place]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def build(self, *arguments: str) -> Outcome:
        """Land what is new, then `dbt build`, which must succeed."""
        self.land()
        return super().build(*arguments)

    def land(self) -> None:
        """Put new files on S3, and `lake register` and `lake land` them."""
        report = self.try_to_land()
        assert not report.failed, report.failed

    def try_to_land(self, again: Collection[str] = ()) -> Report:
        """The same, a table that cannot be registered or landed left out and named in the report.

        The files of the tables `again` are landed anew, as `lake land --again` does.
        """
        self.upload()
        if self._project is None:
            self._project = Project.open(self.project, "athena")
        aws, tables = Aws(self._project.credentials), self._project.describe([])
        refused: list[Landing] = []
        for table in tables:
            if self._registered.get(table.name) != table:
                try:
                    raw_tables.register(aws, table)
                    self._registered[table.name] = table
                except LakeError as error:
                    refused.append(Landing(table.name, error=str(error)))
        left_out = {landing.table for landing in refused}
        report = Lander(self._project, aws, Options()).land(
            [table for table in tables if table.name not in left_out]
        )
        report.landings += refused
        if anew := [table for table in tables if table.name in set(again) - left_out]:
            report.landings += Lander(self._project, aws, Options(again=True)).land(anew).landings
        return report

    def upload(self) -> None:
        """Put new files on S3, and take away there what is gone here."""
        there = {path: path.stat().st_mtime for path in self.lake.rglob("*") if path.is_file()}
        s3, (bucket, _, folder) = (
            self.place.local.client("s3"),
            self.raw_root.removeprefix("s3://").partition("/"),
        )
        for file in sorted(self._put.keys() - there.keys()):
            s3.delete_object(Bucket=bucket, Key=f"{folder}/{file.relative_to(self.lake)}")
        for file, modified in sorted(there.items()):
            if self._put.get(file) != modified:
                moment = dt.datetime.fromtimestamp(modified, dt.UTC)
                s3.put_object(
                    Bucket=bucket,
                    Key=f"{folder}/{file.relative_to(self.lake)}",
                    Body=file.read_bytes(),
                    Metadata={"modified": moment.isoformat()},
                )
        self._put = there

    def count_as_put(self) -> None:
        """The files that lie here already are on S3, from an earlier process."""
        files = (path for path in self.lake.rglob("*") if path.is_file())
        self._put = {path: path.stat().st_mtime for path in files}

    def forget(self) -> None:
        """Drop every table, the ledger and what was landed; files as DMS wrote them stay."""
        glue, s3 = self.place.local.client("glue"), self.place.local.client("s3")
        for page in glue.get_paginator("get_tables").paginate(DatabaseName=self.place.database):
            for table in page["TableList"]:
                glue.delete_table(DatabaseName=self.place.database, Name=table["Name"])
        bucket, _, folder = self.place.prefix.removeprefix("s3://").partition("/")
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{folder}tables/"
        )
        for page in pages:
            if objects := [{"Key": item["Key"]} for item in page.get("Contents", [])]:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})
        self._registered = {}

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


def _value(value: Any, type_: str) -> Any:
    """A value as DuckDB gives it: Trino writes a `real` by its shortest text."""
    if type_ == "real" and value is not None:
        return struct.unpack("f", struct.pack("f", value))[0]
    return value

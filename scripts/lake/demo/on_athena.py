"""The demo on an Athena on this machine: files go to its S3 and are registered, landed and built as on AWS."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from lake.athena_local.clients import BUCKET
from lake.athena_local.stack import AthenaLocal
from lake.dbt_project import EXAMPLE_PROFILES, invoke
from lake.demo.play import SELECTED, SYSTEMS, Row, environment
from lake.demo.rounds import deliver
from lake.errors import LakeError
from lake.land import raw_tables
from lake.land.aws import Aws
from lake.land.project import Project
from lake.land.run import Lander, Options
from lake.run.cost import Cost, Statements, costs

SCHEMA = "demo"
LAKE = f"s3://{BUCKET}/raw"
Say = Callable[[str], None]


@contextlib.contextmanager
def on_athena(project: Path, home: Path, say: Say, keep: bool = False) -> Iterator[OnAthena]:
    """Start an Athena of the demo's own, and stop it afterwards.

    Args:
        project: The checkout of dms_lake, with demo/rounds below it.
        home: A folder to write to; what an earlier demo left there is removed.
        say: Called with one line before each step.
        keep: Whether to leave it running, to look around.
    """
    if earlier := AthenaLocal.find(home / "athena"):
        earlier.down()
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    local = AthenaLocal.up(home / "athena", owner=None if keep else os.getpid(), say=say)
    try:
        with environment({**local.environment(), **_own_settings(home)}):
            os.environ.pop("AWS_PROFILE", None)
            yield OnAthena(project, home, local, say, keep)
    finally:
        if not keep:
            local.down()


class OnAthena:
    """The demo on a running local Athena, as `lake.demo.play.Engine` wants it."""

    def __init__(
        self, project: Path, home: Path, local: AthenaLocal, say: Say, keep: bool = False
    ) -> None:
        self.project, self.home, self.local, self.say = project, home, local, say
        self.variables = {"lake_root": LAKE}
        self.lake = f"{LAKE}, copied from {_from_here(home / 'lake')}"
        command = f"lake athena-local sql --home {_from_here(local.home)} -d {SCHEMA} 'show tables'"
        self.look_around = command if keep else "lake demo --athena --keep leaves it running"
        self.opened: Project
        self.aws: Aws

    def parse(self) -> Any:
        """The project's manifest; the raw tables are registered with it."""
        self.opened = Project.open(self.project, "athena", self.variables)
        self.aws = Aws(self.opened.credentials)
        self.say("registering the raw tables")
        for table in self._tables():
            raw_tables.register(self.aws, table, create_database=True)
        self.local.client("glue").create_database(DatabaseInput={"Name": SCHEMA})
        return self.opened.manifest

    def deliver(self, number: int) -> list[str]:
        """Put one round's files on S3, with the times at which DMS would have written them, and land them."""
        paths = deliver(self.project / "demo" / "rounds", number, self.home / "lake")
        self.say(f"round {number}: {len(paths)} files on S3, landing")
        self.bring(self.home / "lake", paths)
        return [str(path) for path in paths]

    def bring(self, lake: Path, paths: Iterable[Path]) -> None:
        """Put files of a folder on S3, with the times that they have there, and land them."""
        for path in paths:
            modified = dt.datetime.fromtimestamp((lake / path).stat().st_mtime, dt.UTC).isoformat()
            self.local.client("s3").put_object(
                Bucket=BUCKET,
                Key=f"raw/{path}",
                Body=(lake / path).read_bytes(),
                Metadata={"modified": modified},
            )
        report = Lander(self.opened, self.aws, Options()).land(self._tables())
        if report.failed:
            raise LakeError("\n".join(f"{each.table}: {each.error}" for each in report.failed))

    def build(self) -> dict[str, Cost]:
        """`dbt build`, and what each node's statements cost.

        Unit tests are left out: they need tables of literals, and say the same on DuckDB.
        """
        places = ["--target-path", str(self.home / "dbt"), "--log-path", str(self.home / "dbt")]
        statements = Statements()
        result = invoke(
            ["build", "--select", *SELECTED, "--exclude-resource-type", "unit_test", *places],
            self.project,
            "athena",
            self.variables,
            on_event=statements.on_event,
            manifest=self.opened.manifest,
        )
        if not result.success:
            raise LakeError("dbt build failed in the demo:\n" + "\n".join(result.errors))
        return costs(self.aws.athena, statements.by_node)

    def query(self, text: str) -> list[Row]:
        """The rows of a query, asked as dbt asks."""
        from pyathena import connect

        credentials = self.opened.credentials
        with connect(
            endpoint_url=credentials.endpoint_url,
            region_name=credentials.region_name,
            s3_staging_dir=credentials.s3_staging_dir,
            schema_name=SCHEMA,
            poll_interval=0.1,
        ) as connection:
            cursor = connection.cursor().execute(text)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def file(self, path: str) -> Path:
        """A delivered file as it was before it went to S3."""
        return self.home / "lake" / path

    def column(self, name: str) -> str:
        """A registered column as Glue has it."""
        return name.lower()

    def page(self) -> str:
        """None: `lake report --target athena` makes it of an Athena that stays."""
        return ""

    def _tables(self) -> list[Any]:
        described = self.opened.describe([])
        return [table for table in described if table.name.split(".", 1)[0] in SYSTEMS]


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _own_settings(home: Path) -> dict[str, str]:
    """The shipped profile in a folder of the demo's own: an operator's settings play no part."""
    example = Path(__file__).resolve().parents[3] / EXAMPLE_PROFILES
    profiles = yaml.safe_load(example.read_text(encoding="utf-8"))
    # AWS is asked once a second; here an answer takes less.
    profiles["dms_lake"]["outputs"]["athena"]["poll_interval"] = 0.1
    folder = home / "profiles"
    folder.mkdir()
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    return {
        "DBT_PROFILES_DIR": str(folder),
        "DMS_LAKE_TARGET": "athena",
        "DMS_LAKE_SCHEMA": SCHEMA,
    }

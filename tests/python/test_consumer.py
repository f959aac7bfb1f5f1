"""A stranger's dbt project that installs this one, with its own registry, models, profile and files."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lake.dbt_project import Result, invoke
from lake.demo.rounds import deliver

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = ROOT / "tests" / "consumer"
CUSTOMERS = 'select id, "Full Name", credit from analytics.cur_crm__customer order by id'
README_ROWS = """
    select
        id, "Full Name", credit, _cdc_operation,
        parse_filename(_cdc_file_path) || ':' || _cdc_file_row_number
    from analytics.cur_crm__customer
    order by id
"""

SH = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.long


class Stranger:
    """The consumer project in a folder of its own, with the package installed by `dbt deps`."""

    def __init__(self, home: Path) -> None:
        self.home = home / "stranger"
        shutil.copytree(CONSUMER, self.home)
        packages = self.home / "packages.yml"
        packages.write_text(packages.read_text().replace("../..", str(ROOT)))
        self.dbt("deps")

    def dbt(self, *arguments: str) -> Result:
        """Run dbt in the stranger's folder; it must succeed."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBT_PROFILES_DIR", str(self.home))
            result = invoke(arguments, self.home)
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()
        assert result.success, "\n".join(result.errors)
        return result

    def lake(self, *arguments: str) -> str:
        """Run `lake` in the stranger's folder, as a process of its own; it must succeed."""
        command = [str(Path(sys.executable).parent / "lake"), *arguments]
        environment = {**os.environ, "DBT_PROFILES_DIR": str(self.home)}
        done = subprocess.run(
            command, cwd=self.home, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over what the stranger built."""
        with duckdb.connect(str(self.home / "stranger.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """The project after its first round: everything is built, nothing is asked for by name."""
    made = Stranger(tmp_path_factory.mktemp("consumer"))
    deliver(made.home / "rounds", 1, made.home / "lake")
    made.dbt("build")
    return made


def test_a_strangers_tables_follow_the_files_and_nothing_else_is_built(stranger: Stranger) -> None:
    assert [(row[0], row[1], str(row[2])) for row in stranger.sql(CUSTOMERS)] == [
        (1, "Ada", "100.00"),
        (2, "Ben", "50.00"),
    ]
    deliver(stranger.home / "rounds", 2, stranger.home / "lake")
    stranger.dbt("build")
    assert [(row[0], row[1], str(row[2])) for row in stranger.sql(CUSTOMERS)] == [
        (1, "Ada", "120.50"),
        (3, "Lee, Dee", "7.00"),
    ]
    page = (ROOT / "README.md").read_text().split("become\n")[1].split("```")[0]
    shown = [tuple(cell.strip() for cell in line.split("|")) for line in page.splitlines()[1:]]
    assert shown == [tuple(map(str, row)) for row in stranger.sql(README_ROWS)]
    assert stranger.sql("select count(*) from analytics.cur_crm__visit") == [(2,)]
    assert stranger.sql("select _cdc_reject_reason from analytics.rej_crm__customer") == [
        ("null key: id",)
    ]
    assert stranger.sql("select count(*) from analytics.credit_by_customer") == [(2,)]
    built = stranger.sql("select table_name from information_schema.tables")
    names = {name for (name,) in built}
    foreign = {name for name in names if "crm" not in name and name != "credit_by_customer"}
    assert all(name.startswith(("aud_", "dms_lake_")) for name in foreign), foreign


def test_rooms_are_stored_rightly_without_a_line_in_the_strangers_project(
    stranger: Stranger,
) -> None:
    query = "select table_name, table_type from information_schema.tables"
    kinds = {name: kind for name, kind in stranger.sql(query) if "crm__customer" in name}
    assert kinds == {
        "chg_crm__customer": "VIEW",
        "lat_crm__customer": "BASE TABLE",
        "cur_crm__customer": "VIEW",
        "rej_crm__customer": "BASE TABLE",
    }


def test_of_this_package_only_the_audit_is_enabled_for_a_stranger(stranger: Stranger) -> None:
    manifest = stranger.dbt("parse").value
    ours = [node for node in manifest.nodes.values() if node.package_name == "dms_lake"]
    models = {node.name for node in ours if node.resource_type == "model"}
    assert models and all(name.startswith("aud_") for name in models), models
    assert not [node.name for node in ours if node.resource_type == "seed"]
    assert not manifest.exposures
    assert {source.source_name for source in manifest.sources.values()} == {"crm"}


def test_every_command_of_the_docs_runs(stranger: Stranger) -> None:
    """In the order of the pages, each in the state of the lake that its page speaks of."""
    customer, visit = (stranger.home / "lake/crm/public" / name for name in ("customer", "visit"))
    before: dict[str, Callable[[], None]] = {
        "lake accept-truncate crm.visit": lambda: shutil.rmtree(visit),
        "lake forget-vanished crm.customer": lambda: (customer / "LOAD00000001.csv").unlink(),
    }
    deliver(stranger.home / "rounds", 2, stranger.home / "lake")
    stranger.dbt("build")
    said = {}
    for command in commands():
        if command in before:
            before[command]()
            stranger.dbt("build", "--select", "source:crm+")
        program, *arguments = shlex.split(command)
        if program == "lake":
            said[command] = stranger.lake(*arguments)
        elif program == "dbt":
            stranger.dbt(*arguments)
        else:
            subprocess.run([program, "--dry-run", *arguments], cwd=ROOT, check=True)
    assert set(before) < set(said)
    assert "1 file(s) of `crm.customer`" in said["lake read-again crm.customer --from 20240102"]
    assert "1 vanished file(s)" in said["lake forget-vanished crm.customer"]
    assert stranger.sql("select count(*) from analytics.cur_crm__visit") == [(0,)]


def commands() -> list[str]:
    """Every line of the pages' `sh` blocks, without its comment."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [block for page in pages for block in SH.findall(page.read_text())]
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]

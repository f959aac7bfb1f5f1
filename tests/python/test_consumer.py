"""A stranger's dbt project that installs this one, with its own registry, models, profile and files."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from doc_commands import ELSEWHERE, ON_THE_DEMO, Command, Shown, steps
from lake import cli
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

pytestmark = pytest.mark.long


def close_all_connections() -> None:
    """Let go of the database, which dbt's adapter keeps open for the life of the process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


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
        close_all_connections()
        assert result.success, "\n".join(result.errors)
        return result

    def follow(self, command: Command) -> str:
        """Run a command of a page in the stranger's folder, and return what it said; `make` only says what it would do."""
        program, *arguments = command.words
        if program == "dbt":
            self.dbt(*arguments)
            return ""
        if program == "lake":
            code, said = self.lake(arguments)
        else:
            is_make = program == "make"
            text = f"{command.text} --dry-run" if is_make else command.text
            done = subprocess.run(
                ["bash", "-c", text],
                cwd=ROOT if is_make else self.home,
                capture_output=True,
                text=True,
                check=False,
            )
            code, said = done.returncode, done.stdout + done.stderr
        assert code == command.ends_with, (command, said)
        return said

    def lake(self, arguments: list[str]) -> tuple[object, str]:
        """Run `lake` as its own process would, in this one: its exit code, and all that it printed."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
            patch.setenv("DBT_PROFILES_DIR", str(self.home))
            patch.chdir(self.home)
            patch.setattr("sys.argv", ["lake", *arguments])
            stack.enter_context(contextlib.redirect_stdout(said))
            stack.enter_context(contextlib.redirect_stderr(said))
            ended = stack.enter_context(pytest.raises(SystemExit))
            cli.main()
        close_all_connections()
        return ended.value.code, said.getvalue()

    def files_with(self, text: bytes) -> list[str]:
        """Files of the lake and of the database that hold these bytes."""
        files = [path for path in (self.home / "lake").rglob("*") if path.is_file()]
        files += self.home.glob("*.duckdb*")
        return [path.name for path in files if text in path.read_bytes()]

    def table(self, query: str) -> tuple[list[str], list[list[str]]]:
        """The names and the rows of a query, as texts."""
        with duckdb.connect(str(self.home / "stranger.duckdb"), read_only=True) as connection:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or []]
            found = [["null" if v is None else str(v) for v in row] for row in cursor.fetchall()]
        return names, found

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
    assert stranger.sql("select count(*) from analytics.cur_crm__visit") == [(4,)]
    assert stranger.sql("select _cdc_reject_reason from analytics.rej_crm__customer") == [
        ("null key: id",)
    ]
    assert stranger.sql("select count(*) from analytics.credit_by_customer") == [(2,)]
    built = stranger.sql("select table_name from information_schema.tables")
    names = {name for (name,) in built}
    foreign = {name for name in names if "crm" not in name and not name.startswith("credit_")}
    assert all(name.startswith(("aud_", "dms_lake_")) for name in foreign), foreign


def test_rooms_are_stored_rightly_without_a_line_in_the_strangers_project(
    stranger: Stranger,
) -> None:
    query = "select table_name, table_type from information_schema.tables"
    kinds = {name: kind for name, kind in stranger.sql(query) if "crm__customer" in name}
    assert kinds == {
        "chg_crm__customer": "VIEW",
        "lat_crm__customer": "BASE TABLE",
        "hst_crm__customer": "VIEW",
        "hst_crm__customer__log": "BASE TABLE",
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
    """In the order of the pages, each in the state of the lake that its page speaks of; rows and messages are those shown."""
    customer, visit = (stranger.home / "lake/crm/public" / name for name in ("customer", "visit"))
    late = customer / "20240106-090000000.csv"
    before: dict[str, Callable[[], None]] = {
        "lake run --select source:crm.customer+": lambda: arrive(late, "latin-1"),
        "lake run --select source:crm.customer+ --json": lambda: arrive(late, "utf-8"),
        "lake accept-truncate crm.visit": lambda: vanish(stranger, visit),
        "lake forget-vanished crm.customer": lambda: vanish(stranger, late),
    }
    deliver(stranger.home / "rounds", 2, stranger.home / "lake")
    stranger.dbt("build")
    said: dict[str, str] = {}
    is_erased = False
    for step in steps():
        if isinstance(step, Shown):
            if step.query:
                names, rows = stranger.table(f"set search_path = 'analytics'; {step.query}")
                assert [names, *rows] == step.cells, step.query
                assert not is_erased or stranger.files_with(b"Ben") == []
            else:
                last = list(said.values())[-1]
                assert not [line for line in step.lines if line not in last], last
            continue
        if step.text in ELSEWHERE or step.text in ON_THE_DEMO:
            continue
        if step.text in before:
            before[step.text]()
        if step.text.startswith("sed "):
            assert {"LOAD00000001.csv", "stranger.duckdb"} <= set(stranger.files_with(b"Ben"))
            is_erased = True
        said[step.text] = stranger.follow(step)
    assert set(before) <= set(said) and is_erased
    assert "2 file(s) of `crm.customer`" in said["lake read-again crm.customer --from 20240102"]
    assert "1 vanished file(s)" in said["lake forget-vanished crm.customer"]
    assert stranger.sql("select count(*) from analytics.cur_crm__visit") == [(0,)]


def vanish(stranger: Stranger, path: Path) -> None:
    """Remove a file or a folder, and let a run see it."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    stranger.dbt("build", "--select", "source:crm+")


def arrive(path: Path, encoding: str) -> None:
    """A change file with a letter that Latin-1 and UTF-8 write differently."""
    path.write_text("U,2024-01-06 08:59:59.000000,1,Zoé,130\n", encoding=encoding)
    moment = 1704531600 + (encoding == "utf-8")
    os.utime(path, (moment, moment))

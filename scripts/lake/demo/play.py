"""Play the demo: deliver a round, build, look; then the next. Plain data comes back."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb

from lake.dbt_project import EXAMPLE_PROFILES, Result, invoke
from lake.demo.rounds import deliver
from lake.demo.written import as_written
from lake.errors import LakeError, UsageError
from lake.report.collect import collect
from lake.report.page import page
from lake.run.cost import Cost
from lake.run.project import Project

SYSTEMS = (
    "retail",
    "shop",
    "school",
    "learning",
    "racing",
    "storefront",
    "sales",
    "purchases",
)
SELECTED = [*(f"source:{system}+" for system in SYSTEMS), "+dim_date"]
# The questions that the demo ends with, each answered by a mart.
ANSWERS = ("sales_by_season", "sales_by_weekday")
Row = dict[str, Any]


@dataclass(frozen=True)
class TableView:
    """What one table's files said and what its models hold, before and after the last build."""

    name: str
    envelope: str
    key: list[str]
    changes: list[Row]
    before: list[Row]
    after: list[Row]
    deleted: list[Row]
    rejected: list[Row]


@dataclass(frozen=True)
class Build:
    """One round: the files that arrived, what each model of a table read and wrote, and what Athena asks for it by node."""

    number: int
    delivered: list[str]
    seconds: float
    runs: list[Row]
    costs: dict[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a mart answers after the last build: its rows, in the order of its chart."""

    mart: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Play:
    """The whole demo; tables are as the last build left them, and `look_around` says how to see more of them.

    Attributes:
        page: The page of `lake report` over them; empty where none was made.
    """

    look_around: str
    lake: str
    builds: list[Build] = field(default_factory=list)
    tables: list[TableView] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    page: str = ""


class Engine(Protocol):
    """Where the demo is played.

    Attributes:
        look_around: Where its tables are, for a person.
        lake: The same of its files.
    """

    look_around: str
    lake: str

    def parse(self) -> Any:
        """The project's manifest."""

    def deliver(self, number: int) -> list[str]:
        """Bring one round's files; they are named from the lake's folder."""

    def build(self) -> dict[str, Cost]:
        """`dbt build` over the lake as it is now; what it cost by node, where that is known."""

    def query(self, text: str) -> list[Row]:
        """The rows of a query over the built tables."""

    def file(self, path: str) -> Path:
        """A delivered file on this machine."""

    def column(self, name: str) -> str:
        """A registered column as the tables have it."""

    def page(self) -> str:
        """Write the page of `lake report`, and say where it is; empty where none is made."""


def play(
    project: Path,
    home: Path,
    say: Callable[[str], None] = lambda _: None,
    only: str | None = None,
    engine: Engine | None = None,
) -> Play:
    """Play every round of the project's demo into a fresh folder.

    Args:
        project: The checkout of dms_lake, with demo/rounds below it.
        home: The folder to write to; what an earlier demo left there is removed.
        say: Called with one line before each step.
        only: The one table to look at, as `source.table`; by default all of them.
        engine: Where to play it; by default on DuckDB in that folder.
    """
    engine = engine or OnDuckDB(project, home)
    builds: list[Build] = []
    before: dict[str, list[Row]] = {}
    say("reading the project")
    manifest = engine.parse()
    tables = _tables(manifest)
    known = [_name(model) for model in tables]
    if only and only not in known:
        raise UsageError(f"the demo has no table {only}; it has: {', '.join(known)}")
    numbers = rounds_of(project)
    for number in numbers:
        say(f"round {number}: its files are delivered")
        delivered = engine.deliver(number)
        if number == numbers[-1] and builds:
            before = {name: _rows(engine, f"cur_{name}") for name in tables}
        say(f"round {number}: {len(delivered)} files, building")
        started = time.perf_counter()
        costs = engine.build()
        seconds = time.perf_counter() - started
        past = {run["invocation_id"] for earlier in builds for run in earlier.runs}
        builds.append(Build(number, delivered, seconds, _runs(engine, past), costs))
    views = [
        _view(engine, model, facts, builds[-1].delivered, before.get(model, []))
        for model, facts in tables.items()
        if only in (None, _name(model))
    ]
    answers = [_answer(engine, manifest, mart) for mart in ANSWERS]
    say("writing the page of lake report")
    return Play(engine.look_around, engine.lake, builds, views, answers, engine.page())


class OnDuckDB:
    """The demo on DuckDB, which reads the files where they are delivered."""

    def __init__(self, project: Path, home: Path) -> None:
        self.project, self.home = project, home
        self.manifest: Any = None
        self.look_around = f"{_shown(home / 'demo.duckdb', project)}, with any DuckDB client"
        self.lake = _shown(home / "lake", project)
        shutil.rmtree(home / "lake", ignore_errors=True)
        for path in home.glob("demo.duckdb*"):
            path.unlink()
        (home / "lake").mkdir(parents=True, exist_ok=True)

    def parse(self) -> Any:
        """The project's manifest."""
        self.manifest = run_dbt(["parse"], self.project, self.home).value
        return self.manifest

    def deliver(self, number: int) -> list[str]:
        """Copy one round's files into the lake's folder."""
        rounds = self.project / "demo" / "rounds"
        return [str(path) for path in deliver(rounds, number, self.home / "lake")]

    def build(self) -> dict[str, Cost]:
        """`dbt build`; it costs nothing but time."""
        build(self.project, self.home, self.manifest)
        return {}

    def query(self, text: str) -> list[Row]:
        """The rows of a query."""
        with duckdb.connect(str(self.home / "demo.duckdb"), read_only=True) as connection:
            cursor = connection.execute(text)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def file(self, path: str) -> Path:
        """A delivered file."""
        return self.home / "lake" / path

    def column(self, name: str) -> str:
        """A column as it is registered."""
        return name

    def page(self) -> str:
        """The page of `lake report`, beside the database."""
        path = self.home / "report.html"
        with _profile(self.home):
            project = Project.open(self.project, "duckdb", _variables(self.home, self.project))
            with project.closing():
                facts = collect(project, is_counted=True, now=dt.datetime.now(dt.UTC))
        path.write_text(page(facts), encoding="utf-8")
        return _shown(path, self.project)


def rounds_of(project: Path) -> list[int]:
    """The numbers of the demo's rounds."""
    folders = (project / "demo" / "rounds").iterdir()
    return sorted(int(folder.name) for folder in folders if folder.name.isdigit())


def build(project: Path, home: Path, manifest: Any = None) -> Result:
    """`dbt build` of the demo's tables over the lake as it is now; raises LakeError if it fails."""
    return run_dbt(["build", "--select", *SELECTED], project, home, manifest)


@contextlib.contextmanager
def _profile(home: Path) -> Iterator[None]:
    """The shipped profile on a database of the demo's own: an operator's settings play no part."""
    folder = home / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    example = Path(__file__).resolve().parents[3] / EXAMPLE_PROFILES
    shutil.copyfile(example, folder / "profiles.yml")
    own = {
        "DBT_PROFILES_DIR": str(folder),
        "DMS_LAKE_TARGET": "duckdb",
        "DMS_LAKE_DUCKDB_PATH": str(home / "demo.duckdb"),
        "DMS_LAKE_SCHEMA": "main",
        "DBT_TARGET_PATH": str(home / "dbt"),
        "DBT_LOG_PATH": str(home / "dbt"),
    }
    with environment(own):
        yield


@contextlib.contextmanager
def environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """These variables for a while; afterwards the environment is what it was."""
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_dbt(args: list[str], project: Path, home: Path, manifest: Any = None) -> Result:
    """Run dbt with its files below the demo's folder; raises LakeError with what it said."""
    variables = _variables(home, project)
    with _profile(home):
        result = invoke(args, project, "duckdb", variables, manifest=manifest)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    # The adapter keeps the database open for the life of the process; we read it next.
    DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise LakeError(f"dbt {args[0]} failed in the demo:\n" + "\n".join(result.errors))
    return result


def _variables(home: Path, project: Path) -> dict[str, str]:
    return {"lake_root": _shown(home / "lake", project)}


def _shown(path: Path, project: Path) -> str:
    """A path as seen from the project, where it lies below it."""
    return str(path.relative_to(project)) if path.is_relative_to(project) else str(path)


def _tables(manifest: Any) -> dict[str, Mapping[str, Any]]:
    """The demo's tables by `<source>__<table>`: registry fields."""
    tables = {}
    for source in manifest.sources.values():
        if source.source_name in SYSTEMS:
            facts = {**source.source_meta["dms_lake"], **source.meta["dms_lake"]}
            tables[f"{source.source_name}__{source.name}"] = facts
    return dict(sorted(tables.items()))


def _name(model: str) -> str:
    """A table's name as people write it: `shop__product` is `shop.product`."""
    return model.replace("__", ".", 1)


def _rows(engine: Engine, relation: str, where: str = "true") -> list[Row]:
    return sorted(engine.query(f'select * from "{relation}" where {where}'), key=_place)


def _answer(engine: Engine, manifest: Any, mart: str) -> Answer:
    """A mart's rows, as its chart in the page has them."""
    (node,) = [
        node
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.name == mart
    ]
    chart = node.config.meta["dms_lake"]["chart"]
    places = {name: place for place, name in enumerate(chart["order"])}
    rows = sorted(_rows(engine, mart), key=lambda row: places.get(row[chart["x"]], len(places)))
    return Answer(mart, chart["title"], rows)


def _place(row: Row) -> list[tuple[bool, Any]]:
    """By the columns from left to right, nulls last."""
    return [(value is None, 0 if value is None else value) for value in row.values()]


def _runs(engine: Engine, known: set[str]) -> list[Row]:
    """What the ledger says of the runs since: per model the files read and the rows written."""
    files: dict[tuple[str, str], list[str]] = {}
    for read in engine.query("select model, invocation_id, file from dms_lake_reads"):
        files.setdefault((read["model"], read["invocation_id"]), []).append(read["file"])
    runs = engine.query(
        """
        select model, invocation_id, source_table, rows_written, rows_deleted as tombstones
        from dms_lake_runs
        order by model
        """
    )
    return [
        {
            **run,
            "model": run["model"].split(".")[2],
            "files": sorted(files.get((run["model"], run["invocation_id"]), [])),
        }
        for run in runs
        if run["invocation_id"] not in known
    ]


def _view(
    engine: Engine, model: str, facts: Mapping[str, Any], delivered: list[str], before: list[Row]
) -> TableView:
    name = _name(model)
    listed = engine.query(f"select path from dms_lake_files where source_table = '{name}'")
    files = [file for file in delivered if any(row["path"].endswith(file) for row in listed)]
    return TableView(
        name=name,
        envelope=facts["envelope"],
        key=[engine.column(part) for part in facts["key"]],
        changes=[row for file in files for row in as_written(engine.file(file), facts)],
        before=before,
        after=_rows(engine, f"cur_{model}"),
        deleted=_rows(engine, f"lat_{model}", "_cdc_is_deleted"),
        rejected=_rows(engine, f"rej_{model}"),
    )

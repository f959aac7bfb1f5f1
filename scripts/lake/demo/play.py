"""Play the demo: deliver a round, build, look; then the next. Plain data comes back."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from lake.dbt_project import EXAMPLE_PROFILES, Result, invoke
from lake.demo.rounds import deliver
from lake.demo.written import as_written
from lake.errors import LakeError, UsageError

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
    """One round: the files that arrived, and what each model of a table read and wrote."""

    number: int
    delivered: list[str]
    seconds: float
    runs: list[Row]


@dataclass(frozen=True)
class Play:
    """The whole demo; tables are as the last build left them."""

    database: str
    lake: str
    builds: list[Build] = field(default_factory=list)
    tables: list[TableView] = field(default_factory=list)


def play(
    project: Path,
    home: Path,
    say: Callable[[str], None] = lambda _: None,
    only: str | None = None,
) -> Play:
    """Play every round of the project's demo into a fresh folder.

    Args:
        project: The checkout of dms_lake, with demo/rounds below it.
        home: The folder to write to; what an earlier demo left there is removed.
        say: Called with one line before each step.
        only: The one table to look at, as `source.table`; by default all of them.
    """
    lake, database = home / "lake", home / "demo.duckdb"
    shutil.rmtree(lake, ignore_errors=True)
    for path in home.glob("demo.duckdb*"):
        path.unlink()
    lake.mkdir(parents=True, exist_ok=True)
    rounds = project / "demo" / "rounds"
    numbers = sorted(int(folder.name) for folder in rounds.iterdir() if folder.name.isdigit())
    builds: list[Build] = []
    before: dict[str, list[Row]] = {}
    say("reading the project")
    manifest = _dbt(["parse"], project, home).value
    tables = _tables(manifest)
    known = [_name(model) for model in tables]
    if only and only not in known:
        raise UsageError(f"the demo has no table {only}; it has: {', '.join(known)}")
    for number in numbers:
        delivered = [str(path) for path in deliver(rounds, number, lake)]
        if number == numbers[-1] and builds:
            before = {name: _rows(database, f"cur_{name}") for name in tables}
        say(f"round {number}: {len(delivered)} files delivered, building")
        started = time.perf_counter()
        build(project, home, manifest)
        seconds = time.perf_counter() - started
        past = {run["invocation_id"] for earlier in builds for run in earlier.runs}
        builds.append(Build(number, delivered, seconds, _runs(database, past)))
    views = [
        _view(database, lake, model, facts, builds[-1].delivered, before.get(model, []))
        for model, facts in tables.items()
        if only in (None, _name(model))
    ]
    return Play(_shown(database, project), _shown(lake, project), builds, views)


def build(project: Path, home: Path, manifest: Any = None) -> Result:
    """`dbt build` of the demo's tables over the lake as it is now; raises LakeError if it fails."""
    selected = [f"source:{system}+" for system in SYSTEMS] + ["+dim_date"]
    return _dbt(["build", "--select", *selected], project, home, manifest)


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
    }
    kept = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _dbt(args: list[str], project: Path, home: Path, manifest: Any = None) -> Result:
    """Run dbt with its files below the demo's folder; raises LakeError with what it said."""
    places = ["--target-path", str(home / "dbt"), "--log-path", str(home / "dbt")]
    variables = {"lake_root": _shown(home / "lake", project)}
    with _profile(home):
        result = invoke([*args, *places], project, "duckdb", variables, manifest=manifest)
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    # The adapter keeps the database open for the life of the process; we read it next.
    DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise LakeError(f"dbt {args[0]} failed in the demo:\n" + "\n".join(result.errors))
    return result


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


def _rows(database: Path, relation: str, where: str = "true") -> list[Row]:
    return _query(database, f'select * from "{relation}" where {where} order by all')


def _query(database: Path, query: str) -> list[Row]:
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _runs(database: Path, known: set[str]) -> list[Row]:
    """What the ledger says of the runs since: per model the files read and the rows written."""
    runs = _query(
        database,
        """
        select
            runs.invocation_id,
            split_part(runs.model, '.', 3) as model,
            runs.source_table,
            runs.rows_written,
            runs.rows_deleted as tombstones,
            list(reads.file order by reads.file) filter (where reads.file is not null) as files
        from dms_lake_runs as runs
        left join dms_lake_reads as reads using (model, invocation_id)
        group by all
        order by model
        """,
    )
    return [run for run in runs if run["invocation_id"] not in known]


def _view(
    database: Path,
    lake: Path,
    model: str,
    facts: Mapping[str, Any],
    delivered: list[str],
    before: list[Row],
) -> TableView:
    name = _name(model)
    listed = _query(database, f"select path from dms_lake_files where source_table = '{name}'")
    files = [file for file in delivered if any(row["path"].endswith(file) for row in listed)]
    return TableView(
        name=name,
        envelope=facts["envelope"],
        key=list(facts["key"]),
        changes=[row for file in files for row in as_written(lake / file, facts)],
        before=before,
        after=_rows(database, f"cur_{model}"),
        deleted=_rows(database, f"lat_{model}", "_cdc_is_deleted"),
        rejected=_rows(database, f"rej_{model}"),
    )

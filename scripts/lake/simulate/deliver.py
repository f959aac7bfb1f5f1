"""Write a table's files round by round, beside the true rows after each round."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from lake.simulate.disorder import (
    LOAD_BEGINS,
    LOAD_ENDS,
    LOAD_WRITTEN,
    ROUND_LENGTH,
    FilePlan,
    FilePlanner,
)
from lake.simulate.dress import change_sql, copy_options, living_sql, load_sql
from lake.simulate.events import LoadTimes, Reload, Truncate, reload_times
from lake.simulate.names import change_path, load_path
from lake.simulate.records import write_records
from lake.simulate.registry import Entry, entry_of
from lake.simulate.spec import TableSpec
from lake.simulate.workload import SourceTable, loaded_versions
from lake.sql import literal

Truth = Literal["each", "last", "none"]
# Stands in a table's folder of a round before whose files all earlier ones were removed.
TRUNCATED = "_truncated"


@dataclass
class LakeTable:
    """What was written for one table; lists have one item per round, round 0 being the load.

    `files` are paths below `rounds/<NNN>/`, in order of their stamps. `truth` is the file of living
    rows in the source after the round, or None where it was not written. `is_complete` says whether
    every file made so far was delivered, so that the lake can equal the truth. `changes` counts
    change rows made, without repeats.
    """

    name: str
    spec: TableSpec
    entry: Entry
    files: list[list[str]] = field(default_factory=list)
    truth: list[Path | None] = field(default_factory=list)
    is_complete: list[bool] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Delivery:
    """Where and how a table is written; it is number `position` of `tables`, counted from 0."""

    out: Path
    source: str
    root: str
    rounds: int
    seed: int
    truth: Truth
    position: int
    tables: int


def write_table(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, to: Delivery
) -> Iterator[LakeTable]:
    """Write one table; yields the growing result after every round, for a caller to show progress.

    Raises OSError when the folder cannot be written.
    """
    rng = random.Random(f"{to.seed}/{to.source}/{spec.name}")
    source = SourceTable(
        spec.rows,
        spec.mix,
        spec.disorder,
        bool(spec.key),
        spec.sees_key_changes,
        spec.shape.resolution,
        rng,
    )
    planner = FilePlanner(
        spec.disorder, spec.shape.rows_per_file, to.rounds, rng, spec.shape.is_record
    )
    table = LakeTable(spec.name, spec, entry_of(spec, to.source, to.root))
    # The first round runs before the load is written: what raced the load decides what the load
    # saw.
    after = (
        source.run_round(spec.changes, LOAD_ENDS + timedelta(seconds=1), True) if to.rounds else 0
    )
    seen = loaded_versions(source.events, source.raced)
    table.files.append(_write_load(con, spec, to, 0, seen, spec.shape.load_files, LoadTimes()))
    table.is_complete.append(True)
    table.changes.append(0)
    table.truth.append(_write_truth(con, spec, to, 0, seen))
    yield table
    first = 0
    plans: list[FilePlan] = []
    loaded = LOAD_WRITTEN
    for number in range(1, to.rounds + 1):
        if Truncate(number) in spec.events:
            source.truncate()
            planner.begin_anew(first)
            plans = []
            _mark_truncated(spec, to, number)
        if number > 1:
            after = source.run_round(spec.changes, LOAD_BEGINS + (number - 1) * ROUND_LENGTH, False)
        last_commit = LOAD_WRITTEN
        if after:
            last_commit = datetime(1970, 1, 1) + timedelta(microseconds=source.events.commit[-1])
        plans += planner.plan(number, first, after, last_commit)
        due = [plan for plan in plans if plan.delivered == number]
        con.register("events", source.events.table())
        table.files.append(_write_changes(con, spec, to, number, due))
        con.unregister("events")
        for event in spec.events:
            if isinstance(event, Reload) and event.after == number:
                times = reload_times(event)
                table.files[-1] += _write_load(
                    con, spec, to, number, source.touched, event.load_files, times
                )
                planner.begin_anew(after)
                loaded = times.written
        table.is_complete.append(
            all(plan.delivered <= number for plan in plans if plan.stamp > loaded)
        )
        table.changes.append(after - first)
        table.truth.append(_write_truth(con, spec, to, number, source.touched))
        first = after
        yield table


def _write_load(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    to: Delivery,
    number: int,
    seen: dict[int, tuple[int, bool]],
    load_files: int,
    times: LoadTimes,
) -> list[str]:
    """Write the files of a full load of the rows that it saw; an empty table has none."""
    count = max(1, spec.shape.load_segments) * load_files
    last_key = max([spec.rows, *seen])
    paths = []
    for index in range(count if spec.rows or seen else 0):
        bounds = (index * last_key // count, (index + 1) * last_key // count)
        name = load_path(spec.shape, index // load_files, index % load_files + 1, times)
        with _living(con, spec, seen, bounds) as relation:
            sql = load_sql(spec, to.seed, relation, times.ends)
            path = f"{spec.name}/{name}"
            paths.append(_copy(con, sql, spec, True, to, number, path, times.ends))
        _set_time(to.out / "rounds" / f"{number:03}" / paths[-1], times.file_written(index, count))
    return paths


def _mark_truncated(spec: TableSpec, to: Delivery, number: int) -> None:
    """Say that all files of the rounds before are gone."""
    folder = to.out / "rounds" / f"{number:03}" / to.source / spec.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TRUNCATED).touch()


def _write_changes(
    con: duckdb.DuckDBPyConnection, spec: TableSpec, to: Delivery, number: int, due: list[FilePlan]
) -> list[str]:
    """Write the change files that a round delivers; values are computed once for all of them."""
    if not due:
        return []
    due = sorted(due, key=lambda plan: plan.stamp)
    runs = [(i, j, *run) for i, plan in enumerate(due) for j, run in enumerate(plan.runs)]
    columns = zip(("file", "run", "first", "after"), zip(*runs, strict=True), strict=True)
    con.register("runs", pa.table({name: pa.array(values, pa.int64()) for name, values in columns}))
    joined = (
        "(select file, run, event, commit, operation, old_key, null_key, key as k, version as v"
        " from runs join events on event >= first and event < after)"
    )
    dressed = change_sql(spec, to.seed, joined, to.tables, to.position + 1)
    con.execute(f"create or replace temp table staged as {dressed}")
    con.unregister("runs")
    paths = []
    for i, plan in enumerate(due):
        sql = (
            f"select * exclude (_file, _run{'' if spec.shape.is_record else ', _event'}) from staged"
            f" where _file = {i} order by _run, _event"
        )
        path = f"{spec.name}/{change_path(spec.shape, plan.stamp)}"
        paths.append(_copy(con, sql, spec, False, to, number, path, plan.stamp))
        _set_time(to.out / "rounds" / f"{number:03}" / paths[-1], plan.stamp)
    con.execute("drop table staged")
    return paths


class _living:
    """A relation of `k`, `v` of the living keys in (low, high]; None means of all."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        spec: TableSpec,
        touched: dict[int, tuple[int, bool]],
        bounds: tuple[int, int] | None = None,
    ) -> None:
        self._con = con
        self._touched = touched
        low, high = bounds or (0, max([spec.rows, *touched]))
        untouched = f"select range as k, 0 as v from range({low + 1}, {min(high, spec.rows) + 1})"
        if touched:
            untouched += " anti join touched on range = touched.k"
        changed = f"select k, v from touched where alive and k > {low} and k <= {high}"
        self._sql = f"({untouched} union all {changed})" if touched else f"({untouched})"

    def __enter__(self) -> str:
        if self._touched:
            versions, alive = zip(*self._touched.values(), strict=True)
            columns = {"k": list(self._touched), "v": versions, "alive": alive}
            self._con.register("touched", pa.table(columns))
        return self._sql

    def __exit__(self, *_: object) -> None:
        if self._touched:
            self._con.unregister("touched")


def _write_truth(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    to: Delivery,
    number: int,
    touched: dict[int, tuple[int, bool]],
) -> Path | None:
    """Write the living rows after a round; returns the path, or None where none is wanted."""
    if to.truth == "none" or (to.truth == "last" and number != to.rounds):
        return None
    path = to.out / "truth" / f"{number:03}" / to.source / f"{spec.name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _living(con, spec, touched) as relation:
        con.execute(
            f"copy ({living_sql(spec, to.seed, relation)}) to {literal(str(path))} (format parquet)"
        )
    return path


def _copy(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    spec: TableSpec,
    is_load: bool,
    to: Delivery,
    number: int,
    path: str,
    built: datetime,
) -> str:
    """Write a query to a file of a round; returns the file's path below the round's folder."""
    relative = f"{to.source}/{path}"
    target = to.out / "rounds" / f"{number:03}" / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    if spec.shape.envelope == "dms_json" or (spec.shape.is_record and not is_load):
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description or []]
        rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        write_records(rows, spec, target, built)
    else:
        con.execute(f"copy ({sql}) to {literal(str(target))} ({copy_options(spec.shape)})")
    return relative


def _set_time(path: Path, moment: datetime) -> None:
    """Give a file the modification time that S3 would show."""
    seconds = moment.replace(tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))


def copy_round(out: Path, number: int, lake: Path) -> list[Path]:
    """Copy a round's files into a live lake, modification times kept; returns the copies.

    The files of a table that was truncated before the round are removed first.

    Raises FileNotFoundError when there is no such round.
    """
    folder = out / "rounds" / f"{number:03}"
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no round {number} below {out}.")
    for mark in sorted(folder.rglob(TRUNCATED)):
        shutil.rmtree(lake / mark.parent.relative_to(folder), ignore_errors=True)
    copies = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != TRUNCATED):
        copy = lake / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
        copies.append(copy)
    return copies

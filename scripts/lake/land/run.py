"""Bring new S3 files into the raw tables: list, decide, land, and only then write the ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lake.errors import LakeError
from lake.land import raw_tables
from lake.land.aws import Aws
from lake.land.bring import Brought, Moved, bring, let_go
from lake.land.decide import FILE_COLUMNS, IN_USE, Decision, Judge, Work, work_of
from lake.land.ledger import TABLES, Ledger, Row, StaleLedgerError, settled
from lake.land.listing import KnownFile, S3Object, check_root, current_listing
from lake.land.project import Project, RawTable
from lake.land.rewrite import StreamRun

# Tables that are judged and written into the ledger together; an interruption repeats one group.
GROUP = 50
ATTEMPTS = 10

OnFile = Callable[[str, int], None]
OnPlan = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """How to land.

    Attributes:
        in_full: List whole folders, whatever is known of them.
        again: Land every file anew that is not held as the registry now reads it.
        workers: Tables, and files, that are worked on at once.
        memory_mb: What all of them may take together, in MB.
    """

    in_full: bool = False
    again: bool = False
    workers: int = 4
    memory_mb: int = 2048


@dataclass
class Landing:
    """What became of one table.

    Attributes:
        files, rows, bytes: What was brought in (bytes of the raw files).
        replaced: How many of the files replaced an older version of themselves.
        gone: How many files are no longer there.
        held: How many files wait until their full load is complete.
        generation: The newest generation, and `opened` whether this run opened it.
        error: Why the table was not landed.
    """

    table: str
    files: int = 0
    rows: int = 0
    bytes: int = 0
    replaced: int = 0
    gone: int = 0
    held: int = 0
    generation: int = 0
    opened: bool = False
    error: str | None = None


@dataclass
class Report:
    """What became of a run of `lake land`."""

    landings: list[Landing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[Landing]:
        """The tables that were not landed."""
        return [landing for landing in self.landings if landing.error]


@dataclass
class Lander:
    """A run of `lake land`.

    Args:
        on_plan: Told what a table has to bring: name, files, bytes.
        on_file: Told of every file that is done: table, bytes.
    """

    project: Project
    aws: Aws
    options: Options
    on_plan: OnPlan = lambda table, files, size: None
    on_file: OnFile = lambda table, size: None

    def land(self, tables: Sequence[RawTable]) -> Report:
        """Land all tables, group by group; a table that fails does not keep the others."""
        report = Report()
        left = iter(sorted(tables, key=lambda table: table.name))
        while group := list(islice(left, GROUP)):
            report.landings.extend(self._group(group))
        report.warnings = list(self.project.warnings)
        return report

    def _group(self, group: Sequence[RawTable]) -> list[Landing]:
        for _ in range(ATTEMPTS):
            try:
                with tempfile.TemporaryDirectory(prefix="dms_lake_land_") as home:
                    return _Group(self, group, Path(home)).land()
            except StaleLedgerError:
                continue  # another `lake land` was faster: look at what it left
        raise LakeError(
            f"other runs of `lake land` changed the ledger {ATTEMPTS} times in a row; run it again"
        )


class _Group:
    """Some tables that are judged together and written into the ledger together."""

    def __init__(self, lander: Lander, tables: Sequence[RawTable], home: Path) -> None:
        self.lander, self.home = lander, home
        self.tables = {table.name: table for table in tables}
        self.landings = {table.name: Landing(table.name) for table in tables}
        self.ledger = Ledger(lander.aws, lander.project.credentials.schema)

    def land(self) -> list[Landing]:
        """Land the tables; what failed says so in its own landing."""
        before = {name: self.ledger.rows(name, list(self.tables)) for name in TABLES}
        base = {**before, "generations": settled(before["generations"], before["files"])}
        listings = dict(self._each(self._listing(base["files"])))
        judge_home = self.home / "judge"
        judge_home.mkdir()
        judge = Judge(self.lander.project, judge_home, base)
        decision = judge.decide(listings)
        self._fail(decision.failures)
        works = self._works(base["files"], decision, listings)
        with ThreadPoolExecutor(self.lander.options.workers) as pool:
            brought = dict(self._each(self._bring(works, pool)))
        self._fail(judge.streams(self._streams(base, brought)).failures)
        checked = judge.check({name: done.columns for name, done in brought.items()})
        self._fail(checked.failures)
        for done in brought.values():
            self.lander.project.warnings.extend(done.warnings)
        moved = {key: path for done in brought.values() for key, path in done.moved.items()}
        self._write(before, checked, moved)
        dict(self._each(self._let_go(works)))
        self._sum_up(base, checked, works, brought)
        return list(self.landings.values())

    def _each(self, task: Callable[[RawTable], Any]) -> Iterator[tuple[str, Any]]:
        """Do something for every table that has not failed, several at once."""

        def run(table: RawTable) -> Any:
            try:
                return task(table)
            except LakeError as error:
                return error

        there = [table for table in self.tables.values() if not self.landings[table.name].error]
        with ThreadPoolExecutor(self.lander.options.workers) as pool:
            for table, result in zip(there, pool.map(run, there), strict=True):
                if isinstance(result, LakeError):
                    self._fail({table.name: str(result)})
                else:
                    yield table.name, result

    def _fail(self, failures: Mapping[str, str]) -> None:
        for name, text in failures.items():
            self.landings[name].error = text.removeprefix(f"{name}: ")

    def _listing(self, files: Sequence[Row]) -> Callable[[RawTable], list[S3Object]]:
        known = known_files(files, self.tables)
        options, s3 = self.lander.options, self.lander.aws.s3

        def listing(table: RawTable) -> list[S3Object]:
            check_root(s3, table)
            raw_tables.load(self.lander.aws, table)
            there = known.get(table.name, [])
            return current_listing(s3, table, there, options.in_full or options.again)

        return listing

    def _works(
        self,
        files: Sequence[Row],
        decision: Decision,
        listings: Mapping[str, Sequence[S3Object]],
    ) -> dict[str, Work]:
        works = {}
        for name, listing in listings.items():
            before = [row for row in files if row[0] == name]
            after = decision.of("files", name)
            works[name] = work_of(
                before, after, listing, self.tables[name].folder, self.lander.options.again
            )
            if not self.landings[name].error:
                size = sum(item.size_bytes for item in works[name].bring)
                self.lander.on_plan(name, len(works[name].bring), size)
        return works

    def _bring(self, works: Mapping[str, Work], pool: Executor) -> Callable[[RawTable], Brought]:
        options = self.lander.options
        memory = f"{max(options.memory_mb // options.workers, 128)}MB"

        def task(table: RawTable) -> Brought:
            return bring(
                self.lander.aws,
                table,
                works[table.name],
                pool,
                self.home,
                memory,
                self.lander.on_file,
            )

        return task

    def _streams(
        self, base: Mapping[str, list[Row]], brought: Mapping[str, Brought]
    ) -> dict[str, list[StreamRun]]:
        """What the new files of each stream say, where they say something or a full load waits."""
        waiting = {row[0] for row in base["generations"] if row[3] == "held"}
        return {
            name: done.runs
            for name, done in brought.items()
            if self.tables[name].stream_sql and (done.runs or name in waiting)
        }

    def _let_go(self, works: Mapping[str, Work]) -> Callable[[RawTable], None]:
        return lambda table: let_go(self.lander.aws, table, works[table.name].gone)

    def _write(
        self, before: Mapping[str, list[Row]], decided: Decision, moved: Mapping[Moved, str]
    ) -> None:
        """Write the ledger: files between two states of the generations, so that no reader counts a load half-written.

        What the files of a stream say is written before them: a file that is known is not looked into again.
        """
        names = [name for name, landing in self.landings.items() if not landing.error]
        old = {name: _only(before[name], names) for name in TABLES}
        new = {name: _only(decided.ledger[name], names) for name in TABLES}
        new["files"] = [_where_held(row, moved) for row in new["files"]]
        self.ledger.replace("streams", names, old["streams"], new["streams"])
        generations = opening(old["generations"], new["generations"])
        self.ledger.replace("generations", names, old["generations"], generations)
        self.ledger.replace("files", names, old["files"], new["files"])
        self.ledger.replace("generations", names, generations, new["generations"])
        self.ledger.replace("columns", names, old["columns"], new["columns"])

    def _sum_up(
        self,
        base: Mapping[str, list[Row]],
        decided: Decision,
        works: Mapping[str, Work],
        brought: Mapping[str, Brought],
    ) -> None:
        for name, landing in self.landings.items():
            if landing.error:
                continue
            done, generations = brought[name], decided.of("generations", name)
            landing.files, landing.rows, landing.bytes = done.files, done.rows, done.bytes
            landing.replaced, landing.gone = len(works[name].earlier), len(works[name].gone)
            status = FILE_COLUMNS.index("status")
            landing.held = sum(row[status] == "held" for row in decided.of("files", name))
            landing.generation = max((row[1] for row in generations), default=0)
            known = max((row[1] for row in base["generations"] if row[0] == name), default=0)
            landing.opened = landing.generation > max(known, 1)


def _only(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    wanted = set(names)
    return [row for row in rows if row[0] in wanted]


def opening(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """The generations as a run writes them before their files: those that are new as `opening`.

    So is one that now begins at another time: on a stream an older load may come to light after a newer
    one. A first generation waits for its files.
    """
    before, after = {row[:3] for row in old}, {row[:3] for row in new}
    kept = [row for row in old if row[:3] in after]
    later = [row for row in new if row[:3] not in before and row[1] > 1]
    return [*kept, *((*row[:3], "opening", *row[4:]) for row in later)]


def _where_held(row: Row, moved: Mapping[Moved, str]) -> Row:
    """A row of the ledger with the path by which models read this version of its file."""
    at = FILE_COLUMNS.index("path")
    key = (row[at], row[FILE_COLUMNS.index("last_modified")])
    return (*row[:at], moved.get(key, row[at]), *row[at + 1 :])


def known_files(files: Sequence[Row], tables: Mapping[str, RawTable]) -> dict[str, list[KnownFile]]:
    """The files that the ledger holds as there, by source table."""
    known: dict[str, list[KnownFile]] = {}
    for row in files:
        named = dict(zip(FILE_COLUMNS, row, strict=True))
        if named["status"] in IN_USE:
            known.setdefault(named["source_table"], []).append(
                KnownFile(
                    f"{tables[named['source_table']].folder}/{named['file']}",
                    named["size_bytes"],
                    named["last_modified"],
                    named["stamp"],
                    named["phase"],
                )
            )
    return known

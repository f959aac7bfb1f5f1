"""The dbt project of a `lake run`: parsed once, asked by macros, built."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lake.dbt_project import Event, OnEvent, Result, find_profiles_dir, find_project_dir, invoke
from lake.errors import LakeError, UsageError
from lake.operations import reason_of
from lake.run import state
from lake.run.cache import swift_cache
from lake.run.choose import Facts, Node, nodes_of, tables_of
from lake.run.cost import budgets_of
from lake.run.kept import Index, Kept, find, keep
from lake.run.statistics import plan_of

ENGINES = ("duckdb", "athena")
# What costs most in a project of thousands of models, and nobody reads here: dbt's JSON files and debug log.
LEAN = ["--no-write-json", "--log-level-file", "info"]
LOCKED = "Could not set lock on file"


@dataclass
class Project:
    """A parsed project and its target.

    Attributes:
        stamp: The project's files when it was parsed.
        kept: What dbt made of them.
    """

    folder: Path
    target: str | None
    vars: Mapping[str, Any]
    stamp: str
    kept: Kept

    @classmethod
    def open(
        cls, folder: Path | None, target: str | None, vars: Mapping[str, Any] | None = None
    ) -> Project:
        """The project as it was parsed last time, where nothing changed since; else dbt parses what changed.

        Raises:
            UsageError: there is no project, it does not parse, or `lake run` does not know the engine.
        """
        place = find_project_dir(folder)
        stamp = _stamp(place)
        facts = [stamp, str(place), target or "", json.dumps(vars or {}, sort_keys=True)]
        path = place / "target" / "lake_run" / f"{target or 'default'}.parsed"
        with _without_collection():
            kept = find(path, facts) or _parse(path, facts, place, target, vars or {})
        return cls(place, target, dict(vars or {}), stamp, kept)

    def is_current(self) -> bool:
        """Whether the project's files are still those that were parsed."""
        return self.stamp == _stamp(self.folder)

    @property
    def engine(self) -> str:
        """DuckDB or Athena."""
        return self.kept.index.engine

    @property
    def target_name(self) -> str:
        """The profile's target."""
        return self.kept.index.target_name

    @property
    def profile(self) -> str:
        """The profile's name."""
        return self.kept.index.profile

    @property
    def nodes(self) -> Mapping[str, Node]:
        """What dbt builds, by unique id."""
        return self.kept.index.nodes

    @property
    def tables(self) -> Sequence[str]:
        """The registered, active tables by name, in order."""
        return sorted(self.kept.index.tables.values())

    @cached_property
    def manifest(self) -> Any:
        """The whole project as dbt parsed it."""
        return self.kept.whole()

    @cached_property
    def credentials(self) -> Any:
        """The target's settings, as the adapter reads them from the profile; they are kept nowhere."""
        from dbt.adapters.factory import FACTORY

        self.dbt(["parse"], touched=())
        return FACTORY.adapters[self.engine].config.credentials

    @property
    def state_path(self) -> Path:
        """Where the marks of what was built are kept."""
        return self.folder / "target" / "lake_run" / f"{self.target_name}.json"

    @property
    def seconds_path(self) -> Path:
        """Where it is kept how long each model's last build by `lake run` took."""
        return self.state_path.with_suffix(".seconds.json")

    def dbt(
        self,
        args: Sequence[str],
        on_event: OnEvent | None = None,
        touched: Iterable[str] | None = None,
    ) -> Result:
        """Run dbt on the parsed project, or on the part of it that is touched, by unique ids.

        Raises:
            LakeError: another process holds the database.
        """
        part = self.manifest if touched is None else self.kept.part(touched)
        with swift_cache():
            result = invoke([*LEAN, *args], self.folder, self.target, self.vars, on_event, part)
        if not result.success:
            refuse_locked("\n".join(result.errors))
        return result

    def operate(self, macro: str, arguments: Mapping[str, Any]) -> dict[str, list[str]]:
        """Run one of our macros, and return what it logged by the first word of each line.

        Raises:
            LakeError: the macro refused; `said` holds what it logged until then.
        """
        said: dict[str, list[str]] = {}

        def listen(event: Event) -> None:
            word, _, rest = event.message.partition(" ")
            if word.startswith("dms_lake_"):
                said.setdefault(word.removeprefix("dms_lake_"), []).append(rest)

        command = ["--cache-selected-only", "run-operation", f"dms_lake.{macro}"]
        result = self.dbt([*command, "--args", json.dumps(arguments)], listen, touched=())
        if not result.success:
            raise Refused(reason_of(result.errors, macro), said)
        return said

    def look(self, tables: Sequence[str], is_dry: bool) -> Facts:
        """List the tables' folders (on DuckDB), and ask the ledger; a table that cannot be listed keeps no other one."""
        schemas = sorted({node.relation[0] for node in self.nodes.values() if node.relation})
        said, failures = self._each("_look", tables, {"schemas": schemas, "is_dry": is_dry})
        return Facts.of(json.loads(said["facts"][-1]), failures)

    def maintain(
        self, tables: Sequence[str], settings: Mapping[str, Any] | None = None
    ) -> tuple[list[str], dict[str, str]]:
        """Maintain tables by name (Athena): what was done, a sentence each, and what failed, by table."""
        said, failures = self._each("maintain", tables, settings or {})
        return said.get("maintained", []), failures

    def _each(
        self, macro: str, tables: Sequence[str], arguments: Mapping[str, Any]
    ) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Run a macro over tables, again without one that it refuses: all it logged, and the refusals by table."""
        failures: dict[str, str] = {}
        logged: dict[str, list[str]] = {}
        left = list(tables)
        while True:
            try:
                said = self.operate(macro, {"tables": left, **arguments})
            except Refused as error:
                said = dict(error.said)
                if not (begun := said.get("begun", [])):
                    raise
                failures[begun[-1]] = str(error)
                left = [name for name in left if name not in begun]
            else:
                begun = []
            for word, lines in said.items():
                logged.setdefault(word, []).extend(lines)
            if not begun:
                return logged, failures

    def selected(self, select: Sequence[str], exclude: Sequence[str]) -> set[str] | None:
        """What dbt selects by these, as unique ids; None where nothing was said.

        Raises:
            UsageError: dbt does not understand the selection, or it selects nothing.
        """
        if not select and not exclude:
            return None
        command = ["ls", "--output", "json", "--output-keys", "unique_id"]
        result = self.dbt([*command, *selection(select, exclude)])
        found = {json.loads(line)["unique_id"] for line in result.value or ()}
        if not result.success or not found:
            why = "\n".join(result.errors) or f"{' '.join([*select, *exclude])!r} selects nothing"
            raise UsageError(f"--select/--exclude: {why}")
        return found

    @contextlib.contextmanager
    def closing(self) -> Iterator[None]:
        """Let go of the database at the end: the adapter would keep it for the life of the process."""
        try:
            yield
        finally:
            if self.engine == "duckdb":
                from dbt.adapters.duckdb.connections import DuckDBConnectionManager

                DuckDBConnectionManager.close_all_connections()


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """What is made in here stays: Python looks for garbage neither meanwhile nor, later, in it."""
    gc.unfreeze()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class Refused(LakeError):
    """A macro of ours that refused, with what it logged until then."""

    def __init__(self, message: str, said: Mapping[str, list[str]]) -> None:
        super().__init__(message)
        self.said = said


def selection(select: Sequence[str], exclude: Sequence[str]) -> list[str]:
    """Options of dbt for a selection."""
    chosen = ["--select", *select] if select else []
    return [*chosen, "--exclude", *exclude] if exclude else chosen


def refuse_locked(errors: str) -> None:
    """Say it in plain words when another process holds the DuckDB file.

    Raises:
        LakeError: it does.
    """
    if LOCKED in errors:
        line = next(line for line in errors.splitlines() if LOCKED in line)
        detail = line[line.index(LOCKED) + len(LOCKED) :].split(". See also")[0].strip(" .")
        raise LakeError(
            f"the DuckDB file is in use: {detail}. Another run, or a reader that opened it for writing, holds it; "
            "wait until it has ended, then run again. Nothing was changed."
        )


def _parse(
    path: Path, facts: Sequence[str], place: Path, target: str | None, vars: Mapping[str, Any]
) -> Kept:
    """Let dbt parse what changed, and keep all of it."""
    from dbt.adapters.factory import FACTORY

    parsed = invoke([*LEAN, "parse"], place, target, vars)
    if not parsed.success:
        raise UsageError("the project does not parse:\n" + "\n".join(parsed.errors))
    manifest = parsed.value
    engine = manifest.metadata.adapter_type
    if engine not in ENGINES:
        raise UsageError(
            f"the target is of type {engine}, where `lake run` has nothing to do: it lands and builds on "
            "DuckDB or Athena, and Redshift reads what Athena wrote. Name another target with --target."
        )
    config = FACTORY.adapters[engine].config
    nodes = nodes_of(manifest)
    index = Index(
        engine=engine,
        target_name=config.target_name,
        profile=config.profile_name,
        nodes=nodes,
        tables=tables_of(manifest),
        marks=state.marks_of(manifest, vars, nodes),
        parents=dict(manifest.parent_map),
        children=dict(manifest.child_map),
        budgets=budgets_of(manifest),
        statistics=plan_of(config, manifest) if engine == "athena" else None,
    )
    variables = [*manifest.env_vars, *config.project_env_vars, *config.profile_env_vars]
    return keep(path, facts, variables, manifest, index)


def _stamp(folder: Path) -> str:
    profiles = find_profiles_dir(folder)
    return state.project_stamp(folder, [profiles / "profiles.yml"] if profiles else [])

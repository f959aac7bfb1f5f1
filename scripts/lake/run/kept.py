"""The parsed project in a file, by node: a run that starts cold reads of ten thousand models the few that it is about.

dbt keeps what it parsed as one document and turns all of it into objects at every start. Here each node is a row.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lake.errors import LakeError
from lake.run.choose import Node
from lake.run.state import Marks, replacing
from lake.run.statistics import Plan

# What stands in dbt's graph, by the manifest's fields.
GRAPH = (
    "nodes", "sources", "exposures", "functions", "metrics", "semantic_models", "saved_queries",
    "unit_tests",
)  # fmt: skip
# Not needed to run: the texts of all files, and what dbt keeps to parse only what changed.
LEFT_OUT = {"files", "docs", "state_check", "source_patches", "env_vars", "flat_graph"}


@dataclass(frozen=True)
class Index:
    """What a run must know of the whole project before it knows what it is about.

    Attributes:
        tables: Name `source.table` of every registered, active table, by unique id.
        marks: For each node a digest of all that decides its SQL.
        parents: What each node stands on, by unique id; `children` the other way round.
        budgets: What models may cost, by unique id.
        statistics: Whose column statistics are counted, and when; None for none.
    """

    engine: str
    target_name: str
    profile: str
    nodes: Mapping[str, Node]
    tables: Mapping[str, str]
    marks: Marks
    parents: Mapping[str, Sequence[str]]
    children: Mapping[str, Sequence[str]]
    budgets: Mapping[str, Mapping[str, Any]]
    statistics: Plan | None


class Kept:
    """A parsed project, whose nodes are read as they are asked for."""

    def __init__(self, path: Path) -> None:
        """Open the file; one that takes its place later is not seen.

        Raises:
            sqlite3.Error: there is none, or it is broken.
        """
        uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._file = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.key, self.variables = self._fact("key"), self._fact("variables")

    def load(self) -> None:
        """Read what is needed of the whole project."""
        self.index: Index = self._fact("index")
        self._rest: dict[str, Any] = self._fact("rest")
        names = {field: self._names(field) for field in GRAPH}
        self._graph = {field: Flat(ids, self.node) for field, ids in names.items()}
        # Macros look through all sources; to make them anew would take longer than to read them.
        self._graph |= self._fact("graph")

    def node(self, unique_id: str) -> Any:
        """One node, source, exposure or unit test, made anew each time."""
        return pickle.loads(
            self._rows("select value from nodes where unique_id = ?", unique_id)[0][0]
        )

    def part(self, chosen: Iterable[str]) -> Any:
        """A manifest of the nodes chosen, what they stand on, and the hooks; macros still see the whole `graph`.

        Args:
            chosen: Unique ids, with the tests of the nodes and all else that a run may touch.
        """
        hooks = [name for name in self._graph["nodes"] if name.startswith("operation.")]
        return self._manifest(reached(self.index.parents, [*chosen, *hooks]))

    def whole(self) -> Any:
        """The manifest of the whole project."""
        return self._manifest({name for field in GRAPH for name in self._graph[field]})

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _manifest(self, names: set[str]) -> Any:
        from dbt.contracts.graph.manifest import Manifest

        graph = {
            field: {name: self.node(name) for name in self._graph[field] if name in names}
            for field in GRAPH
        }
        return Manifest(**self._rest, **graph, flat_graph=self._graph)

    def _names(self, field: str) -> list[str]:
        query = "select unique_id from nodes where field = ? order by rowid"
        return [row[0] for row in self._rows(query, field)]

    def _fact(self, name: str) -> Any:
        return pickle.loads(self._rows("select value from facts where name = ?", name)[0][0])

    def _rows(self, query: str, value: str) -> list[Any]:
        with self._lock:
            return self._file.execute(query, [value]).fetchall()


class Flat(Mapping[str, Any]):
    """One part of the `graph` of macros: nodes as plain dictionaries, each made when it is first asked for."""

    def __init__(self, names: Sequence[str], node: Callable[[str], Any]) -> None:
        self._names = dict.fromkeys(names)
        self._node = node
        self._made: dict[str, Any] = {}

    def __getitem__(self, unique_id: str) -> Any:
        if unique_id not in self._made:
            if unique_id not in self._names:
                raise KeyError(unique_id)
            self._made[unique_id] = self._node(unique_id).to_dict(omit_none=False)
        return self._made[unique_id]

    def __contains__(self, unique_id: object) -> bool:
        return unique_id in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def find(path: Path, facts: Sequence[str]) -> Kept | None:
    """The project as it was kept, if it was kept of the same facts and environment; else None."""
    # Written by another version of anything, cut short, or none at all: it is parsed again.
    with suppress(Exception):
        kept = Kept(path)
        if kept.key == key_of(facts, kept.variables):
            kept.load()
            return kept
        kept.close()
    return None


def keep(
    path: Path, facts: Sequence[str], variables: Iterable[str], manifest: Any, index: Index
) -> Kept:
    """Keep a parsed project in place of the one before, whole or not at all.

    Args:
        path: The file.
        facts: All that the parsed project depends on, but for variables of the environment.
        variables: The names of those that parsing has read.
        manifest: As `dbt parse` returned it.
        index: What a run asks of the whole.

    Raises:
        LakeError: the file cannot be written.
    """
    used = sorted(set(variables))
    # dbt's own fields, without those that it makes by itself and those that stand apart.
    rest = {
        field.name: getattr(manifest, field.name)
        for field in fields(manifest)
        if not field.name.startswith("_") and field.name not in {*LEFT_OUT, *GRAPH}
    }
    whole = {
        "key": key_of(facts, used),
        "variables": used,
        "index": index,
        "rest": rest,
        "graph": {field: manifest.flat_graph[field] for field in ("sources", "groups")},
    }
    try:
        with replacing(path) as draft, closing(sqlite3.connect(draft)) as file, file:
            file.execute("pragma journal_mode = off")
            file.execute("create table facts (name text primary key, value blob)")
            file.execute("create table nodes (unique_id text primary key, field text, value blob)")
            file.executemany(
                "insert into facts values (?, ?)",
                ((name, pickle.dumps(value)) for name, value in whole.items()),
            )
            file.executemany(
                "insert into nodes values (?, ?, ?)",
                (
                    (unique_id, field, pickle.dumps(node))
                    for field in GRAPH
                    for unique_id, node in getattr(manifest, field).items()
                ),
            )
            file.execute("create index by_field on nodes (field)")
    except (OSError, sqlite3.Error) as error:
        raise LakeError(
            f"the parsed project cannot be kept in {path}: {error}. "
            "Make room there, or let this user write to the folder, and run again."
        ) from error
    kept = Kept(path)
    kept.load()
    return kept


def reached(edges: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    """These nodes and all to which the edges lead from them, by unique id."""
    found: set[str] = set()
    left = list(starts)
    while left:
        unique_id = left.pop()
        if unique_id not in found:
            found.add(unique_id)
            left.extend(edges.get(unique_id, ()))
    return found


def key_of(facts: Sequence[str], variables: Iterable[str]) -> str:
    """A digest of all that decides what is parsed: the facts, the versions, and the environment as far as it is read."""
    names = {*variables, *(name for name in os.environ if name.startswith("DBT_"))}
    environment = sorted((name, os.environ.get(name)) for name in names)
    ours = [
        f"{file}|{file.stat().st_mtime_ns}" for file in sorted(Path(__file__).parent.glob("*.py"))
    ]
    versions = [
        version(name)
        for name in ("dbt-core", "dbt-adapters", "dbt-common", "dbt-duckdb", "dbt-athena")
    ]
    text = json.dumps([*facts, versions, ours, environment])
    return hashlib.sha256(text.encode()).hexdigest()

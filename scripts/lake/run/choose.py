"""Which tables and models a run must build: pure functions over what the ledger and the project say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Materializations that read files by the ledger: each has a row in it once it has written.
READERS = {"latest", "history", "rejected"}
BUILT = {"model", "seed", "snapshot"}
IN_USE = ("readable", "vanished")


@dataclass(frozen=True)
class Node:
    """One thing that dbt builds.

    Attributes:
        sources: The registered tables (`source.table`) that it reads, directly or through others.
        selector: dbt's selector for it alone.
        relation: Schema and name in lower case; None where it has no relation of its own.
        reads_files: Whether it keeps a ledger of the files that it has read.
    """

    unique_id: str
    sources: tuple[str, ...]
    selector: str
    relation: tuple[str, str] | None = None
    reads_files: bool = False


@dataclass(frozen=True)
class Facts:
    """What the ledger and the catalogue say.

    Attributes:
        files: For each table, the number of file versions by status.
        reads: For each model, how many of the files in use it has read, and the newest generation among them.
        runs: For each model, when it last wrote, as text.
        generations: For each table, the newest complete generation, and when it was opened, as text.
        undeclared: For each table, the columns that files hold and the registry lacks.
        relations: Schema and name of every relation that stands.
        arriving: For each table, files that a dry run's listing found new or gone.
        failures: Tables that could not be listed or landed, and why.
    """

    files: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    reads: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    generations: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    undeclared: Mapping[str, int] = field(default_factory=dict)
    relations: frozenset[tuple[str, str]] = frozenset()
    arriving: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Mapping[str, Sequence[Sequence[Any]]], failures: Mapping[str, str]) -> Facts:
        """The facts that the macro `_look` logged: rows of texts, numbers and nulls by name."""
        files: dict[str, dict[str, int]] = {}
        for table, status, count in said.get("files", ()):
            files.setdefault(table, {})[status] = int(count or 0)
        return cls(
            files=files,
            reads={row[0]: (int(row[1] or 0), int(row[2] or 0)) for row in said.get("reads", ())},
            runs={row[0]: row[1] or "" for row in said.get("runs", ())},
            generations={
                row[0]: (int(row[1] or 0), row[2] or "") for row in said.get("generations", ())
            },
            undeclared={row[0]: int(row[1] or 0) for row in said.get("columns", ())},
            relations=frozenset((row[0], row[1]) for row in said.get("relations", ())),
            arriving={
                row[0]: (int(row[1] or 0), int(row[2] or 0)) for row in said.get("listings", ())
            },
            failures=dict(failures),
        )


@dataclass(frozen=True)
class Choice:
    """What a run builds: tables with everything below them, and single nodes with what is below them.

    Attributes:
        tables: Registered tables, each with the reasons.
        nodes: Nodes for a reason of their own, by unique id.
    """

    tables: Mapping[str, tuple[str, ...]]
    nodes: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.tables or self.nodes)


def choose(
    nodes: Iterable[Node], facts: Facts, stale: Mapping[str, str], everything: bool = False
) -> Choice:
    """What must be built.

    Args:
        nodes: The nodes to choose from.
        facts: What the ledger and the catalogue say.
        stale: Nodes whose code changed, or whose last build did not end well, and which of the two.
        everything: Build all of them, whatever the facts say.
    """
    tables: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    for node in nodes:
        if reason := "asked for" if everything else _own_reason(node, facts, stale):
            chosen[node.unique_id] = reason
        if everything:
            continue
        for table in node.sources:
            for reason in _table_reasons(node, table, facts):
                if reason not in tables.setdefault(table, []):
                    tables[table].append(reason)
    return Choice({name: tuple(why) for name, why in sorted(tables.items()) if why}, chosen)


def _own_reason(node: Node, facts: Facts, stale: Mapping[str, str]) -> str | None:
    if node.relation and node.relation not in facts.relations:
        return "not built yet"
    return stale.get(node.unique_id)


def _table_reasons(node: Node, table: str, facts: Facts) -> Iterable[str]:
    if table in facts.failures:
        yield "its files could not be listed"
    fresh, gone = facts.arriving.get(table, (0, 0))
    if fresh:
        yield f"{fresh} new file(s)"
    if gone:
        yield f"{gone} file(s) gone"
    if not node.reads_files:
        return
    read, read_generation = facts.reads.get(node.unique_id, (0, 0))
    there = facts.files.get(table, {})
    if unread := sum(there.get(status, 0) for status in IN_USE) - read:
        yield f"{unread} unread file(s)"
    generation, opened_at = facts.generations.get(table, (0, ""))
    wrote_at = facts.runs.get(node.unique_id, "")
    if generation > 1 and generation > read_generation and opened_at > wrote_at:
        yield f"generation {generation}"


def nodes_of(manifest: Any) -> dict[str, Node]:
    """The enabled models, seeds and snapshots of a manifest, by unique id."""
    registered = tables_of(manifest)
    known: dict[str, frozenset[str]] = {}

    def sources(unique_id: str) -> frozenset[str]:
        if unique_id in registered:
            return frozenset([registered[unique_id]])
        if unique_id not in known:
            known[unique_id] = frozenset()  # a loop ends here; dbt refuses one by itself
            node = manifest.nodes.get(unique_id)
            parents = node.depends_on_nodes if node and node.resource_type in BUILT else ()
            known[unique_id] = frozenset().union(*map(sources, parents))
        return known[unique_id]

    found = {}
    for unique_id, node in manifest.nodes.items():
        if node.resource_type in BUILT:
            materialized = node.config.materialized
            has_relation = materialized != "ephemeral"
            found[unique_id] = Node(
                unique_id,
                tuple(sorted(sources(unique_id))),
                "fqn:" + ".".join(node.fqn),
                (node.schema.lower(), node.alias.lower()) if has_relation else None,
                materialized in READERS,
            )
    return found


def tables_of(manifest: Any) -> dict[str, str]:
    """The name `source.table` of every registered, active table of a manifest, by unique id."""
    return {
        unique_id: f"{source.source_name}.{source.name}"
        for unique_id, source in manifest.sources.items()
        if is_registered(source)
    }


def is_registered(source: Any) -> bool:
    """Whether a source table of the manifest is one of ours, and active."""
    facts = {
        **((source.source_meta or {}).get("dms_lake") or {}),
        **((source.meta or {}).get("dms_lake") or {}),
    }
    return bool(facts) and facts.get("active", True) is not False


def selectors(
    choice: Choice, nodes: Mapping[str, Node], tables: Iterable[str], only: set[str] | None
) -> list[str]:
    """The arguments of `dbt build --select` for a choice; none where it is simply everything.

    Args:
        choice: What to build.
        nodes: Every node of the project.
        tables: Every registered table.
        only: Where the operator selected: the nodes that may be built at all, with `choice` among them.
    """
    if only is not None:
        return [nodes[unique_id].selector for unique_id in sorted(only) if unique_id in nodes]
    if len(choice.nodes) == len(nodes):
        return []
    by_source: dict[str, set[str]] = {}
    for table in tables:
        by_source.setdefault(table.split(".")[0], set()).add(table)
    found = []
    for source, its_tables in sorted(by_source.items()):
        if its_tables <= choice.tables.keys():
            found.append(f"source:{source}+")
        else:
            found += [f"source:{table}+" for table in sorted(its_tables & choice.tables.keys())]
    covered = set(choice.tables)
    found += [
        nodes[unique_id].selector + "+"
        for unique_id in sorted(choice.nodes)
        if not covered.intersection(nodes[unique_id].sources)
    ]
    return found

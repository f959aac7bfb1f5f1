"""What came of a run, as plain data: per table what was read, written and rejected, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lake.dbt_project import Result
from lake.run.choose import Facts, Node
from lake.run.cost import Cost


@dataclass
class TableReport:
    """One source table in this run.

    Attributes:
        reasons: Why it was built; none where there was nothing to do.
        landed: Files that this run landed (Athena).
        files: The most files that one of its models read.
        written, deleted: Rows that latest (without one, history) wrote, and the tombstones among them.
        rejected: Rows that could not be placed.
        error: Why it was not built or landed.
    """

    table: str
    reasons: tuple[str, ...] = ()
    landed: int = 0
    files: int = 0
    written: int = 0
    deleted: int = 0
    rejected: int = 0
    error: str | None = None


@dataclass
class Report:
    """One `lake run`.

    Attributes:
        dry_run: Whether nothing was built.
        built: Models, seeds and snapshots that were built; `tests` that passed or failed.
        attention: What needs a person, a sentence each.
        errors: What failed, by node or table.
        maintained: What maintenance did, a sentence each.
        costs: On Athena, what the build's statements cost by node, the dearest first.
        seconds: Wall time of the whole, and of its steps.
    """

    target: str
    dry_run: bool = False
    tables: list[TableReport] = field(default_factory=list)
    nodes: dict[str, str] = field(default_factory=dict)
    built: int = 0
    tests: int = 0
    attention: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    maintained: list[str] = field(default_factory=list)
    costs: dict[str, Cost] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return asdict(self) | {"seconds": {k: round(v, 2) for k, v in self.seconds.items()}}


def add_build(report: Report, result: Result, nodes: Mapping[str, Node]) -> None:
    """Count what dbt did, and take over what failed."""
    for done in result.nodes:
        if done.status != "skipped" and done.unique_id in nodes:
            report.built += 1
        elif done.status != "skipped" and done.unique_id.startswith(("test.", "unit_test.")):
            report.tests += 1
        if not done.ok:
            report.errors[done.unique_id] = first_line(done.message)
    report.warnings += [
        text.removeprefix("dms_lake: ") for text in result.warnings if "dms_lake" in text
    ]
    if not result.success and not report.errors:
        report.errors["dbt build"] = "\n".join(result.errors)
    for table in report.tables:
        failed = [
            f"{unique_id.split('.')[2]}: {report.errors[unique_id]}"
            for unique_id in report.errors
            if unique_id in nodes and table.table in nodes[unique_id].sources
        ]
        if failed and not table.error:
            table.error = failed[0]


def add_runs(report: Report, runs: Sequence[Sequence[str]]) -> None:
    """Add what the ledger says that the models of this run wrote: rows as the macro `_runs_of` logs them."""
    tables = {table.table: table for table in report.tables}
    written: dict[tuple[str, str], list[int]] = {}
    for model, table, *counts in runs:
        if table not in tables:
            continue
        files, rows, deleted, ties = (int(count or 0) for count in counts)
        found, room = tables[table], model.split(".")[-1].split("_")[0]
        found.files = max(found.files, files)
        written[(table, room)] = [rows, deleted]
        if ties:
            report.attention.append(
                f"{table}: {ties} undecided tie(s) in {model.split('.')[-1]} (docs/order.md)"
            )
    for name, found in tables.items():
        found.rejected = written.get((name, "rej"), [0, 0])[0]
        found.written, found.deleted = written.get((name, "lat")) or written.get(
            (name, "hst"), [0, 0]
        )
        if found.rejected:
            report.attention.append(f"{name}: {found.rejected} row(s) rejected; see its rej_ table")


def needs_attention(facts: Facts, tables: Sequence[str]) -> list[str]:
    """What a person must decide or mend, by the ledger."""
    found = []
    for name in tables:
        there = facts.files.get(name, {})
        if vanished := there.get("vanished", 0):
            found.append(
                f"{name}: {vanished} file(s) are gone; bring them back, or `lake accept-truncate {name}`, "
                f"or `lake forget-vanished {name}`"
            )
        if held := there.get("held", 0):
            found.append(
                f"{name}: {held} file(s) of a full load wait until it is complete; "
                f"`lake complete-load {name}` ends the wait"
            )
        if undeclared := facts.undeclared.get(name, 0):
            found.append(
                f"{name}: {undeclared} column(s) in files are not in the registry (aud_columns)"
            )
    return found


def first_line(text: str) -> str:
    """The line of a dbt error that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    own = [line for line in lines if "dms_lake." in line]
    if own:
        return own[0]
    return lines[1] if len(lines) > 1 and lines[0].endswith(")") else (lines or [""])[0]

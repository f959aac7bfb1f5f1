"""Column statistics of stored tables: Glue counts distinct values, and planners of Athena and Redshift Spectrum read them.

A count reads the whole table and costs money, so it is begun only for a role that the project names, and only where it pays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from lake.errors import LakeError, UsageError
from lake.land.aws import Aws, plain_errors

ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+\Z")
PREFIX = "dms_lake_statistics_"
# What the package's macros write as an Iceberg table, and how its name ends.
STORED = {"latest": "", "history": "__log"}
# Whatever became of a count, the next one waits this long.
AGAIN = dt.timedelta(hours=24)
WORKERS = 8


@dataclass(frozen=True)
class Settings:
    """When column statistics are counted anew.

    Attributes:
        role: The IAM role that Glue does it as.
        rows: Tables of fewer rows are left alone.
        changed: The share of a table's rows that was written since the last count, from which on it is due.
    """

    role: str
    rows: int = 1_000_000
    changed: float = 0.2


@dataclass(frozen=True)
class Plan:
    """What a run must know of it: the settings, and each model's table as Glue's database and name."""

    settings: Settings
    tables: Mapping[str, tuple[str, str]]


def plan_of(config: Any, manifest: Any) -> Plan | None:
    """The plan of a parsed project; None where it names no role.

    Raises:
        UsageError: a variable is wrong.
    """
    settings = settings_of(variables_of(config))
    if settings is None:
        return None
    tables = {
        node.name: (
            node.schema.lower(),
            f"{node.alias}{STORED[node.config.materialized]}".lower(),
        )
        for node in manifest.nodes.values()
        if node.config.get("materialized") in STORED
    }
    return Plan(settings, tables)


def variables_of(config: Any) -> dict[str, Any]:
    """A project's variables as dbt looks them up for this package: those named for it and the command line's come first."""
    project = config.vars.to_dict()
    return {**project, **(project.get("dms_lake") or {}), **config.cli_vars}


def settings_of(variables: Mapping[str, Any]) -> Settings | None:
    """The settings among a project's variables; None where no role is named.

    Raises:
        UsageError: one is of another kind than it must be.
    """
    given = {name: variables.get(f"{PREFIX}{name}") for name in ("role", "rows", "changed")}
    role, rows, changed = given["role"], given["rows"], given["changed"]
    if not role:
        return None
    if not isinstance(role, str) or not ROLE.match(role):
        raise _wrong(
            "role", role, "an IAM role's name, as arn:aws:iam::123456789012:role/statistics"
        )
    if rows is not None and (not isinstance(rows, int) or isinstance(rows, bool) or rows < 1):
        raise _wrong("rows", rows, "a whole number, 1 or greater")
    if changed is not None and (
        not isinstance(changed, int | float) or isinstance(changed, bool) or changed <= 0
    ):
        raise _wrong("changed", changed, "a share greater than 0, as 0.2")
    return Settings(role, rows or Settings.rows, changed or Settings.changed)


def _wrong(name: str, value: Any, right: str) -> UsageError:
    return UsageError(
        f"the variable `{PREFIX}{name}` is {value!r}; it must be {right}. Correct it under `vars` in dbt_project.yml."
    )


def begin(aws: Aws, plan: Plan, models: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Begin to count what is due: a sentence for each table begun, and what failed, by model.

    Nothing waits for a count's end: Glue commits it by itself, and readers see the table before or after.
    """
    from pyiceberg.exceptions import NoSuchIcebergTableError, NoSuchTableError

    begun: list[str] = []
    failures: dict[str, str] = {}
    named = [name for name in models if name in plan.tables]
    catalog = aws.catalog()

    def look(name: str) -> str | LakeError | None:
        what = f"{name}: reading the table's metadata"
        try:
            with plain_errors(what):
                metadata = catalog.load_table(plan.tables[name]).metadata
        except LakeError as error:
            return error
        # What reads S3 and Iceberg for pyiceberg has errors of its own.
        except (OSError, NoSuchTableError, NoSuchIcebergTableError) as error:
            return LakeError(f"{what} failed: {error}")
        return why_due(metadata, plan.settings)

    with ThreadPoolExecutor(WORKERS) as pool:
        reasons = dict(zip(named, pool.map(look, named), strict=True))
    for name, reason in reasons.items():
        try:
            if isinstance(reason, LakeError):
                raise reason
            if reason and _start(aws.glue, name, plan.tables[name], plan.settings.role):
                begun.append(f"{name}: column statistics begun; {reason}")
        except LakeError as error:
            failures[name] = str(error)
    return begun, failures


def why_due(metadata: Any, settings: Settings) -> str | None:
    """Why a table's statistics are due, from its Iceberg metadata; None where they are not.

    Iceberg keeps statistics with the snapshot they were counted at, and planners take the newest among the
    ancestors of the current one; they go when that snapshot expires.
    """
    snapshot = metadata.current_snapshot()
    rows = _count(snapshot, "total-records")
    if rows < settings.rows:
        return None
    counted = {file.snapshot_id for file in metadata.statistics}
    written = 0
    while snapshot is not None:
        if snapshot.snapshot_id in counted:
            is_due = written >= settings.changed * rows
            return f"{written:,} of {rows:,} rows were written since the last" if is_due else None
        # Compaction writes rows that were there.
        if snapshot.summary is None or snapshot.summary.operation.value != "replace":
            written += _count(snapshot, "added-records")
        parent = snapshot.parent_snapshot_id
        snapshot = None if parent is None else metadata.snapshot_by_id(parent)
    return f"no snapshot of {rows:,} rows has any"


def _count(snapshot: Any, name: str) -> int:
    if snapshot is None or snapshot.summary is None:
        return 0
    return int(snapshot.summary.additional_properties.get(name, 0))


def _start(glue: Any, name: str, table: tuple[str, str], role: str) -> bool:
    """Start Glue's task over a table, unless one runs or ran lately; whether it was started.

    Raises:
        LakeError: the last one failed lately, or Glue refuses.
    """
    database, identifier = table
    place = {"DatabaseName": database, "TableName": identifier}
    with plain_errors(f"{name}: asking Glue for earlier counts of column statistics"):
        last = _last_run(glue, place)
    if last and dt.datetime.now(dt.UTC) - last["CreationTime"] < AGAIN:
        if last["Status"] in ("FAILED", "STOPPED"):
            raise LakeError(
                f"Glue's last count of column statistics ended as {last['Status']}: "
                f"{last.get('ErrorMessage') or 'no reason was given'}. It is begun again 24 hours after; "
                f"{role} needs what `lake permissions statistics` prints."
            )
        return False
    with plain_errors(f"{name}: starting Glue's count of column statistics"):
        try:
            glue.start_column_statistics_task_run(**place, Role=role)
        except glue.exceptions.ColumnStatisticsTaskRunningException:
            return False
    return True


def _last_run(glue: Any, place: Mapping[str, str]) -> dict[str, Any] | None:
    """The newest task over a table, whatever order Glue gives them in."""
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = glue.get_column_statistics_task_runs(**place, **token)
        found += page.get("ColumnStatisticsTaskRuns", [])
        if not page.get("NextToken"):
            return max(found, key=lambda run: run["CreationTime"], default=None)
        token = {"NextToken": page["NextToken"]}

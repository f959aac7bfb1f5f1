"""What the page shows, as plain data: pure functions over the rows that the macro `_report_facts` logs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[Sequence[str]]


@dataclass
class TableFacts:
    """One source table.

    Attributes:
        age_hours: From the newest file to now; None without files.
        lag_hours: From the newest file to the last write, or to now while files wait unread.
        rows, placed, rejected: Rows in the files that were read; those that could be placed; those kept as rejected.
        attention: What needs a person, a few words each.
    """

    table: str
    files: int
    unread: int
    size_bytes: int
    generation: int
    newest: str
    age_hours: float | None
    lag_hours: float | None
    ties: int
    drift: int
    rows: int | None
    placed: int | None
    rejected: int | None
    attention: list[str]


def tables_of(rows: Rows, counts: Rows, now: dt.datetime) -> list[TableFacts]:
    """The tables, those that need a person first."""
    counted = {table: [int(value or 0) for value in values] for table, *values in counts}
    found = []
    for table, *numbers, stamp, modified, drift, ties, written in rows:
        files, held, vanished, unread, size, generation = (int(value or 0) for value in numbers)
        newest, wrote = moment(modified), moment(written)
        until = now if unread or wrote is None else wrote
        row_count, placed, rejected = counted.get(table, [None, None, None])
        notes = [
            f"{count} {what}"
            for count, what in (
                (vanished, "file(s) gone"),
                (held, "file(s) held back"),
                (unread, "file(s) unread"),
                (int(drift or 0), "column(s) undeclared"),
                (int(ties or 0), "undecided tie(s)"),
            )
            if count
        ]
        if row_count is not None and row_count != (placed or 0) + (rejected or 0):
            notes.append("rows do not add up")
        found.append(
            TableFacts(
                table,
                files,
                unread,
                size,
                generation,
                stamp or modified[:19],
                hours(newest, now),
                hours(newest, until),
                int(ties or 0),
                int(drift or 0),
                row_count,
                placed,
                rejected,
                notes,
            )
        )
    return sorted(found, key=lambda item: (not item.attention, item.table))


def per_day(runs: Rows) -> list[dict[str, Any]]:
    """Rows that all models wrote on each day."""
    days: dict[str, int] = defaultdict(int)
    for _, _, written, _, _, _, finished in runs:
        days[finished[:10]] += int(written or 0)
    return [{"day": day, "rows": count} for day, count in sorted(days.items()) if day]


def slowest(seconds: Mapping[str, float], count: int = 20) -> list[tuple[str, float]]:
    """The models whose last build took longest."""
    return sorted(seconds.items(), key=lambda item: -item[1])[:count]


def moment(text: str) -> dt.datetime | None:
    """A timestamp of the ledger, which is UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) if text else None


def hours(since: dt.datetime | None, until: dt.datetime) -> float | None:
    """Hours between two moments, never less than none."""
    return None if since is None else max(0.0, (until - since).total_seconds() / 3600)

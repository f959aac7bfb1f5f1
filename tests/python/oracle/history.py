"""A naive history: walk through the changes of one key in their order, and note each time its state becomes another.

Written from docs/history.md alone: no engine, no windows, nothing of the project's own code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oracle.files import Entry
from oracle.replay import Change, Key
from oracle.texts import moment_of

State = dict[str, Any] | None


@dataclass
class Version:
    """What one key was (None: deleted) from `began` (None: nobody knows) up to, not including, `ended` (None: still)."""

    state: State
    began: datetime | None
    ended: datetime | None = None

    def held_at(self, moment: datetime) -> bool:
        """Whether the version held at a moment."""
        return (self.began is None or self.began <= moment) and (
            self.ended is None or moment < self.ended
        )


def versions_of(
    entry: Entry, changes: Sequence[Change], loads: Mapping[int, datetime] | None = None
) -> list[Version]:
    """The versions of one key, the first one first.

    Args:
        entry: The table's registry facts.
        changes: All changes of the key, in any order; one that was read twice counts once.
        loads: When each later full load or truncate began, by its generation (from 2).
    """
    loads = loads or {}
    versions: list[Version] = []
    clock: datetime | None = None
    in_order = sorted({change.place: change for change in changes}.values(), key=lambda c: c.place)
    for generation in range(1, max([*loads, *(c.decided[0] for c in changes)]) + 1):
        members = [change for change in in_order if change.decided[0] == generation]
        missing = generation in loads and not any(c.operation == "load" for c in members)
        if missing and versions and versions[-1].state is not None:
            clock = _later(clock, loads[generation])
            _note(versions, None, clock)
        for change in members:
            clock = _later(clock, _moment_of(entry, change, loads))
            _note(versions, None if change.operation == "delete" else change.values, clock)
    return versions


def alive_at(histories: Mapping[Key, list[Version]], moment: datetime) -> dict[Key, dict[str, Any]]:
    """The living rows at a moment, by key: the last version that had begun by then."""
    rows = {}
    for key, versions in histories.items():
        begun = [v for v in versions if v.began is None or v.began <= moment]
        if begun and begun[-1].state is not None:
            rows[key] = begun[-1].state
    return rows


def _note(versions: list[Version], state: State, moment: datetime | None) -> None:
    """The key is `state` from a moment on."""
    if versions and repr(versions[-1].state) == repr(state):
        return
    if versions and moment is None:
        # Both began nobody knows when: what came before was never seen at any known moment.
        versions.pop()
    if versions:
        versions[-1].ended = moment
    versions.append(Version(state, moment))


def _later(clock: datetime | None, moment: datetime | None) -> datetime | None:
    """Time never runs backwards in the order of changes, and an unknown moment does not move it."""
    return max((m for m in (clock, moment) if m is not None), default=None)


def _moment_of(entry: Entry, change: Change, loads: Mapping[int, datetime]) -> datetime | None:
    """When a change happened, as far as the files say."""
    generation, _, _, committed, _, stamp, _ = change.decided
    if change.operation == "load":
        return loads.get(generation)
    if entry["envelope"] in ("dms_json", "binlog_json"):
        return committed[0] if committed else change.emitted
    if entry.get("timestamp_column"):
        return committed[0] if committed else None
    day, clock = stamp.split("-")
    return moment_of(
        f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:6]}.{clock[6:12]}"
    )

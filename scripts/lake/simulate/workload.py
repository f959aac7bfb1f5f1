"""A seeded random workload of one source table: transactions of changes, as slim numbers.

A key is a number from 1, a row's version a number from 0; `values` turns both into columns.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa

from lake.simulate.disorder import LOAD_BEGINS, LOAD_ENDS, Disorder
from lake.simulate.shape import RESOLUTIONS, Resolution

INSERT, UPDATE, DELETE = 0, 1, 2
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
# Gaps between commits in microseconds: mostly ties at a coarser resolution, now and then a pause.
_GAPS = (0, 0, 7, 900, 15_000, 400_000)


@dataclass(frozen=True)
class Mix:
    """Shares of what a change is; what is left over is a plain update.

    `unchanged` is the share of updates that change no value. `hot_keys` keys get half of all
    changes (0: none do). `transaction_size` is the largest number of changes in one transaction.
    """

    inserts: float = 0.2
    deletes: float = 0.12
    reinserts: float = 0.05
    key_changes: float = 0.04
    unchanged: float = 0.1
    hot_keys: int = 10
    transaction_size: int = 8


def _column() -> array[int]:
    return array("q")


@dataclass
class Events:
    """Changes in commit order as parallel 64-bit columns; the position is the event number.

    `commit` is in microseconds since 1970, `operation` INSERT, UPDATE or DELETE, `old_key` equals
    `key` unless the key changed, `null_key` is 1 where the row's key is to be written with a null.
    """

    transaction: array[int] = field(default_factory=_column)
    commit: array[int] = field(default_factory=_column)
    operation: array[int] = field(default_factory=_column)
    key: array[int] = field(default_factory=_column)
    version: array[int] = field(default_factory=_column)
    old_key: array[int] = field(default_factory=_column)
    null_key: array[int] = field(default_factory=_column)

    def __len__(self) -> int:
        """The number of events."""
        return len(self.key)

    def add(self, transaction: int, commit: int, change: tuple[int, int, int, int, int]) -> None:
        """Append one change, given as (operation, key, version, old key, null key)."""
        self.transaction.append(transaction)
        self.commit.append(commit)
        for column, value in zip(
            (self.operation, self.key, self.version, self.old_key, self.null_key),
            change,
            strict=True,
        ):
            column.append(value)

    def table(self) -> pa.Table:
        """The events as an Arrow table with one more column, `event`: its number from 0."""
        columns = {"event": array("q", range(len(self)))} | vars(self)
        return pa.table({name: _arrow(values) for name, values in columns.items()})


def _arrow(values: array[int]) -> pa.Array:
    """A 64-bit column as Arrow, without copying item by item."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values.tobytes())])


class SourceTable:
    """The living rows of a source table and the changes made to them.

    Only touched keys are remembered, so a table of any size costs as much as its changes. `touched`
    maps a key to (last version, is alive); an untouched key lives in version 0 when it is one of 1
    … rows.
    """

    def __init__(
        self, rows: int, mix: Mix, disorder: Disorder, has_key: bool, sees_key_changes: bool,
        resolution: Resolution, rng: random.Random,
    ) -> None:  # fmt: skip
        """A table with keys 1 … `rows` in version 0."""
        self.events = Events()
        self.touched: dict[int, tuple[int, bool]] = {}
        self.raced = 0  # how many events were committed before the load ended
        self._rows = rows
        self._next_key = rows + 1
        self._mix = mix
        self._disorder = disorder
        self._has_key = has_key
        self._key_changes = mix.key_changes if sees_key_changes else 0.0
        self._tick = RESOLUTIONS[resolution]
        self._rng = rng
        self._clock = microseconds(LOAD_ENDS)
        self._transactions = 0

    def run_round(self, changes: int, begins: datetime, is_first: bool) -> int:
        """Make about `changes` changes from `begins` on; returns the number of events so far."""
        racing = int(changes * self._disorder.raced_load) if is_first else 0
        if racing:
            self._clock = microseconds(LOAD_BEGINS)
            window = (LOAD_ENDS - LOAD_BEGINS) // _MICROSECOND
            self._run(racing, (window // (2 * racing),))
            self.raced = len(self.events)
        self._clock = max(self._clock, microseconds(begins))
        self._run(changes - racing, _GAPS)
        return len(self.events)

    def truncate(self) -> None:
        """No key lives any more; the keys stay used."""
        for key in range(1, self._next_key):
            self.touched[key] = (self._state(key)[0], False)

    def _run(self, changes: int, gaps: tuple[int, ...]) -> None:
        """Append at least `changes` events in whole transactions."""
        until = len(self.events) + changes
        while len(self.events) < until:
            self._clock += self._rng.choice(gaps)
            self._transactions += 1
            commit = self._clock - self._clock % self._tick
            last_key = 0
            for _ in range(self._rng.randint(1, self._mix.transaction_size)):
                for change in self._change(last_key):
                    self.events.add(self._transactions, commit, change)
                    last_key = change[1]

    def _change(self, last_key: int) -> Iterator[tuple[int, int, int, int, int]]:
        """One step of a transaction: mostly one change, two for a delete with re-insert."""
        chance = self._rng.random
        if not self._has_key or chance() < self._mix.inserts:
            yield self._put(INSERT, self._new_key(), 0)
            return
        if self._disorder.null_keys and chance() < self._disorder.null_keys:
            key = self._new_key()
            yield INSERT, key, 0, key, 1
            return
        if self._disorder.unknown_deletes and chance() < self._disorder.unknown_deletes:
            key = self._new_key()
            self.touched[key] = (0, False)
            yield DELETE, key, 0, key, 0
            return
        if self._disorder.orphan_updates and chance() < self._disorder.orphan_updates:
            yield self._put(UPDATE, self._new_key(), 1)
            return
        yield from self._change_of(self._pick(last_key))

    def _change_of(self, key: int) -> Iterator[tuple[int, int, int, int, int]]:
        """A change of a known key, which may be dead."""
        mix, draw = self._mix, self._rng.random()
        version, alive = self._state(key)
        if not alive:
            yield self._put(INSERT, key, version + 1)
        elif draw < mix.deletes:
            yield self._drop(key, version)
        elif draw < mix.deletes + mix.reinserts:
            yield self._drop(key, version)
            yield self._put(INSERT, key, version + 1)
        elif draw < mix.deletes + mix.reinserts + self._key_changes:
            yield self._rename(key, version)
        else:
            step = 0 if self._rng.random() < mix.unchanged else 1
            yield self._put(UPDATE, key, version + step)

    def _put(self, operation: int, key: int, version: int) -> tuple[int, int, int, int, int]:
        """The key lives in this version from now on."""
        self.touched[key] = (version, True)
        return operation, key, version, key, 0

    def _drop(self, key: int, version: int) -> tuple[int, int, int, int, int]:
        """The key is dead from now on; the row carries its last values."""
        self.touched[key] = (version, False)
        return DELETE, key, version, key, 0

    def _rename(self, key: int, version: int) -> tuple[int, int, int, int, int]:
        """An update of the primary key, to a key never used or to one that is dead."""
        other = self._pick(0)
        other_version, other_alive = self._state(other)
        new, new_version = (self._new_key(), 0) if other_alive else (other, other_version + 1)
        self.touched[key] = (version, False)
        self.touched[new] = (new_version, True)
        return UPDATE, new, new_version, key, 0

    def _state(self, key: int) -> tuple[int, bool]:
        """Last version and whether the key lives."""
        return self.touched.get(key, (0, key <= self._rows))

    def _new_key(self) -> int:
        """A key never used."""
        self._next_key += 1
        return self._next_key - 1

    def _pick(self, last_key: int) -> int:
        """A known key: often the one just changed, often a hot one, else any."""
        draw = self._rng.random()
        if last_key and draw < 0.25:
            return last_key
        if self._next_key == 1:
            return self._new_key()
        top = self._next_key - 1
        if self._mix.hot_keys and draw < 0.6:
            top = min(top, self._mix.hot_keys)
        return 1 + int(self._rng.random() * top)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def read_moment(key: int) -> int:
    """When the load read a key, in microseconds since 1970: in no order of keys."""
    window = (LOAD_ENDS - LOAD_BEGINS) // _MICROSECOND
    return microseconds(LOAD_BEGINS) + (key * 2_654_435_761 % 1_000) * window // 1_000


def loaded_versions(events: Events, raced: int) -> dict[int, tuple[int, bool]]:
    """What the load saw of the keys that changed while it ran: key -> (version, is in the load).

    Each key is read at its own moment, so a change may be in the load and come again, or be newer
    than the load.
    """
    seen: dict[int, tuple[int, bool]] = {}
    for event in range(raced):
        if events.null_key[event]:
            continue
        key, old_key, commit = events.key[event], events.old_key[event], events.commit[event]
        if old_key != key and commit <= read_moment(old_key):
            seen[old_key] = (0, False)
        if commit <= read_moment(key):
            seen[key] = (events.version[event], events.operation[event] != DELETE)
    return seen

"""A naive replay of DMS files: every row gets its place in the order, a key's last one wins.

Written from the rules alone (docs/order.md) and slow on purpose: no engine, nothing of the
project's own code.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from oracle.files import Entry, RawRow, is_load, rows_of, stamp_of
from oracle.texts import moment_of

Key = tuple[Any, ...]

RANKS = {"load": 0, "insert": 1, "update": 2, "delete": 3}
OPERATIONS = {"I": "insert", "U": "update", "D": "delete"}


@dataclass(frozen=True)
class DmsFile:
    """A version of a delivered file; `generation` counts full loads from 1.

    `content` is where its bytes are, if another file was written over it since.
    """

    path: Path
    last_modified: datetime | None = None
    generation: int = 1
    content: Path | None = None


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be placed."""

    path: Path
    row_number: int
    reason: str


@dataclass(frozen=True)
class Issue:
    """A text that did not fit its column's type; the row stays, with None."""

    path: Path
    row_number: int
    column: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a row does to one key, with its place in the order.

    `decided` is the place as far as it says when the change happened; `place` goes on with
    operation rank and row hash, which only make the answer the same everywhere. `emitted` is when a
    record was built. `unsupplied` are columns that it leaves as they were; `missing` are those that
    nothing says anything of.
    """

    key: Key
    operation: str
    values: dict[str, Any]
    decided: tuple[Any, ...]
    place: tuple[Any, ...]
    emitted: datetime | None = None
    unsupplied: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()


@dataclass
class Replay:
    """What the files amount to.

    `current` maps a key (in the order of the entry's `key`) to its row; a table without a key has
    one item per row, keyed by ('sequence', text) or ('position', path, row number). `tombstones`
    are dead keys. `undecided_ties` counts keys whose last two different changes have one place in
    the order. `changes` are all that could be placed, by key, in no order. `missing` maps a living
    key to the columns that no change of its row supplied. `began` says when each generation after the
    first did.
    """

    current: dict[Key, dict[str, Any]] = field(default_factory=dict)
    tombstones: set[Key] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    undecided_ties: int = 0
    changes: dict[Key, list[Change]] = field(default_factory=dict)
    missing: dict[Key, frozenset[str]] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)


def replay(
    entry: Entry,
    files: Iterable[DmsFile | Path],
    began: Mapping[int, datetime] | None = None,
) -> Replay:
    """Replay the files of one table.

    Args:
        entry: The table's registry facts in one dict; `columns` is a list of {name, data_type}.
        files: The files in any order; a path given twice in one generation is read once.
        began: When each later full load or truncate began, by its generation (from 2); the records of
            a stream tell it themselves.

    Returns:
        The current rows and everything that was not taken for granted.

    Raises:
        ValueError: A file name or data type that the oracle does not know.
    """
    given = (file if isinstance(file, DmsFile) else DmsFile(file) for file in files)
    delivered = {(file.path, file.generation): file for file in given}.values()
    rows = [(file, row) for file in delivered for row in rows_of(entry, file.content or file.path)]
    result = Replay(began=dict(began or {}))
    if entry["envelope"] == "dms_json":
        result.began = _loads_on_a_stream([row for _, row in rows])
        rows = [(_in_time(file, row, result.began), row) for file, row in rows]
    changes: dict[Key, list[Change]] = defaultdict(list)
    for file, row in rows:
        result.issues += [Issue(file.path, row.number, *bad) for bad in row.bad_texts]
        reason = _reject_reason(entry, _is_load(file, row), row)
        if reason:
            result.rejected.append(Rejected(file.path, row.number, reason))
            continue
        for change in _changes_of(entry, file, row):
            changes[change.key].append(change)
    newest = max([1, *result.began, *(f.generation for f in delivered if is_load(f.path))])
    result.changes = {key: _filled(candidates) for key, candidates in changes.items()}
    for key, candidates in result.changes.items():
        _settle(result, key, candidates, newest)
    return result


def _loads_on_a_stream(rows: Iterable[RawRow]) -> dict[int, datetime]:
    """When each full load after the first began: with the load record built next after a change."""
    told = {(moment_of(row.emitted), not row.load) for row in rows if row.emitted}
    in_order = sorted((moment, is_change) for moment, is_change in told if moment is not None)
    beginnings = [
        moment
        for (_, change_before), (moment, is_change) in pairwise(in_order)
        if change_before and not is_change
    ]
    return dict(enumerate(beginnings, start=2))


def _in_time(file: DmsFile, row: RawRow, began: Mapping[int, datetime]) -> DmsFile:
    """The file as of the generation in which a record of it was built."""
    moment = moment_of(row.emitted) if row.emitted else None
    if moment is None:
        return file
    return replace(file, generation=1 + sum(start <= moment for start in began.values()))


def _is_load(file: DmsFile, row: RawRow) -> bool:
    """Whether a row is of the full load: its own word, or its file's name."""
    return is_load(file.path) if row.load is None else row.load


def _settle(result: Replay, key: Key, changes: list[Change], newest: int) -> None:
    """Put a key's last change into the result."""
    last = max(changes, key=lambda change: change.place)
    rivals = [change for change in changes if change.decided == last.decided]
    if any((c.operation, c.values) != (last.operation, last.values) for c in rivals):
        result.undecided_ties += 1
    # A later full load that lacks the key, and nothing since: the key is gone.
    if last.operation == "delete" or last.decided[0] < newest:
        result.tombstones.add(key)
    else:
        result.current[key] = last.values
        if last.missing:
            result.missing[key] = last.missing


def _filled(changes: list[Change]) -> list[Change]:
    """The changes of a key, each with what it left as it was taken from the one before it."""
    filled: list[Change] = []
    for change in sorted(changes, key=lambda c: c.place):
        before = filled[-1] if filled else None
        if before and (before.operation == "delete" or before.decided[0] < change.decided[0]):
            before = None
        values, missing = dict(change.values), set(change.missing)
        for name in change.unsupplied:
            values[name] = before.values[name] if before else None
            if before is None or name in before.missing:
                missing.add(name)
        filled.append(replace(change, values=values, missing=frozenset(missing)))
    return filled


def _reject_reason(entry: Entry, load: bool, row: RawRow) -> str | None:
    """Why a row cannot be placed; the first reason counts."""
    if row.problem:
        return row.problem
    operation = (row.operation or "").upper()
    if load and operation not in ("", "I"):
        return "unknown operation"
    if not load and operation not in OPERATIONS:
        return "unknown operation"
    if any(row.values[name] is None for name in entry["key"]):
        return "null key"
    if operation == "U" and row.has_bad_before:
        return "unparsable before-image"
    if not entry["key"] and operation in ("U", "D"):
        return "unknown: update or delete without a key"
    if not load and row.moment is not None and moment_of(row.moment) is None:
        return "unparsable commit time"
    return None


def _changes_of(entry: Entry, file: DmsFile, row: RawRow) -> Iterator[Change]:
    """One change, or two where the row changed the key."""
    load = _is_load(file, row)
    emitted = None if row.emitted is None else moment_of(row.emitted)
    operation = "load" if load else OPERATIONS[(row.operation or "").upper()]
    decided = _decided(file, row, load)
    if not entry["key"]:
        key: Key = ("position", str(file.path), row.number)
        if not load and row.sequence:
            key = ("sequence", row.sequence)
        yield _placed(key, operation, row.values, decided, emitted)
        return
    key = tuple(row.values[name] for name in entry["key"])
    before = (row.before.get(name) for name in entry["key"])
    old = tuple(now if was is None else was for was, now in zip(before, key, strict=True))
    change = _placed(key, operation, row.values, decided, emitted)
    if operation == "update" and old == key:
        yield replace(change, unsupplied=row.unsupplied)
    elif operation == "delete":
        yield change
    else:
        # The row begins here: nothing came before it under this key.
        yield replace(change, missing=row.unsupplied)
    if operation == "update" and old != key:
        yield _placed(old, "delete", dict(zip(entry["key"], old, strict=True)), decided, emitted)


def _decided(file: DmsFile, row: RawRow, load: bool) -> tuple[Any, ...]:
    """The place in the order up to the row's number in its file; nulls come first."""
    moment = None if load or row.moment is None else moment_of(row.moment)
    sequence = None if load or not row.sequence else row.sequence
    record_number = None if load else row.record_number
    return (
        file.generation,
        not load,
        *(_nulls_first(part) for part in (sequence, moment, record_number)),
        stamp_of(file.path),
        row.number,
    )


def _nulls_first(part: Any) -> tuple[Any, ...]:
    """A part that sorts before any other when it is None."""
    return () if part is None else (part,)


def _placed(
    key: Key,
    operation: str,
    values: dict[str, Any],
    decided: tuple[Any, ...],
    emitted: datetime | None,
) -> Change:
    """A change with its whole place; a delete keeps nothing but what it needs to be told apart."""
    kept = {} if operation == "delete" else values
    row_hash = hashlib.md5(repr(list(kept.values())).encode()).hexdigest()
    return Change(key, operation, kept, decided, (*decided, RANKS[operation], row_hash), emitted)

"""What makes deliveries hard: repeats, late files, races with the load, unknown and null keys."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# When the load begins, when its last row is copied, and when the last load file is written.
LOAD_BEGINS = datetime(2024, 1, 1, 22, 0)
LOAD_ENDS = LOAD_BEGINS + timedelta(minutes=10)
LOAD_WRITTEN = LOAD_ENDS + timedelta(minutes=1)
ROUND_LENGTH = timedelta(hours=7)


@dataclass(frozen=True)
class Disorder:
    """Each field is a share between 0 and 1; 0 switches it off.

    `duplicate_files`: change files that come again, the same rows under a later name, maybe rounds
    later. `replayed_files`: change files that begin with a run of rows from earlier files (a task
    that was resumed). `late_files`: change files delivered one to three rounds after their stamp
    (never after the last round). `raced_load`: share of the first round's changes that happened
    while the table was loaded. `unknown_deletes`, `orphan_updates`, `null_keys`: share of changes
    that are a delete of a key never seen, an update of a key never inserted (the row lives from
    then on), an insert whose key has a null (the lake rejects it).
    """

    duplicate_files: float = 0.0
    replayed_files: float = 0.0
    late_files: float = 0.0
    raced_load: float = 0.0
    unknown_deletes: float = 0.0
    orphan_updates: float = 0.0
    null_keys: float = 0.0

    def __post_init__(self) -> None:
        """Raises ValueError for a share outside 0 to 1."""
        for name, value in vars(self).items():
            if not 0 <= value <= 1:
                raise ValueError(f"{name} is {value}; it is a share between 0 and 1")

    @property
    def repeats(self) -> bool:
        """Whether a change may be delivered more than once."""
        return self.duplicate_files > 0 or self.replayed_files > 0

    def without_key(self) -> Disorder:
        """The part that a table without a key can have: inserts only, none raced the load."""
        return replace(self, raced_load=0.0, unknown_deletes=0.0, orphan_updates=0.0, null_keys=0.0)


FULL_DISORDER = Disorder(
    duplicate_files=0.2,
    replayed_files=0.3,
    late_files=0.2,
    raced_load=0.4,
    unknown_deletes=0.03,
    orphan_updates=0.03,
    null_keys=0.02,
)


def random_disorder(rng: random.Random, null_keys: bool = True) -> Disorder:
    """Each kind of `FULL_DISORDER` switched on or off by a coin."""
    shares = {name: value * (rng.random() < 0.5) for name, value in vars(FULL_DISORDER).items()}
    return Disorder(**shares if null_keys else {**shares, "null_keys": 0.0})


@dataclass(frozen=True)
class FilePlan:
    """One change file: its stamp, its round, and its rows as half-open runs of event numbers."""

    stamp: datetime
    delivered: int
    runs: tuple[tuple[int, int], ...]


class FilePlanner:
    """Cuts the events of each round into files, whose stamps grow and never repeat."""

    def __init__(
        self,
        disorder: Disorder,
        rows_per_file: int,
        rounds: int,
        rng: random.Random,
        whole_seconds: bool = False,
    ) -> None:
        """Plan for rounds 1 … `rounds`; `rows_per_file` bounds a file, replays not counted.

        `whole_seconds`: names tell files apart by the second only.
        """
        self._least_step = timedelta(seconds=1 if whole_seconds else 0)
        self._disorder = disorder
        self._rows = rows_per_file
        self._rounds = rounds
        self._rng = rng
        self._stamp = LOAD_WRITTEN
        self._since = 0

    def begin_anew(self, event: int) -> None:
        """A later load or a truncate came before event number `event`: nothing older is repeated."""
        self._since = event

    def plan(self, number: int, first: int, after: int, last_commit: datetime) -> list[FilePlan]:
        """The files made in round `number`: events `first` to `after` (exclusive) and repeats."""
        files = []
        while first < after:
            size = self._rng.randint(max(1, self._rows // 2), self._rows)
            run = (first, min(after, first + size))
            runs: tuple[tuple[int, int], ...] = (run,)
            if first > self._since and self._rng.random() < self._disorder.replayed_files:
                begin = self._rng.randint(self._since, first - 1)
                runs = ((begin, min(first, begin + self._rows)), run)
            delivered = number
            if self._rng.random() < self._disorder.late_files:
                delivered = min(self._rounds, number + self._rng.randint(1, 3))
            files.append(FilePlan(self._next_stamp(last_commit), delivered, runs))
            if self._rng.random() < self._disorder.duplicate_files:
                delivered = min(self._rounds, number + self._rng.randint(0, 2))
                files.append(FilePlan(self._next_stamp(last_commit), delivered, runs))
            first = run[1]
        return files

    def _next_stamp(self, last_commit: datetime) -> datetime:
        """A moment, to the millisecond, after the last commit and after every earlier file."""
        least = max(self._stamp, last_commit)
        step = timedelta(milliseconds=self._rng.choice((1, 40, 1_500, 60_000)))
        self._stamp = (least + step).replace(
            microsecond=(least + step).microsecond // 1_000 * 1_000
        )
        if self._stamp <= least:
            self._stamp += timedelta(milliseconds=1)
        if self._least_step:
            self._stamp = least.replace(microsecond=0) + max(step, 2 * self._least_step)
        return self._stamp

"""What happens to a source table as a whole: it is loaded anew, or truncated."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from lake.simulate.disorder import LOAD_BEGINS, LOAD_ENDS, LOAD_WRITTEN, ROUND_LENGTH


@dataclass(frozen=True)
class Reload:
    """A full load after the changes of round `after`, into `load_files` files (per segment).

    On S3 it writes over the files of the load before that have the same names, and leaves the
    others. On a stream it is further records.
    """

    after: int
    load_files: int = 1


@dataclass(frozen=True)
class Truncate:
    """A truncate before the changes of round `before`: DMS removes every file of the table."""

    before: int


@dataclass(frozen=True)
class LoadTimes:
    """When the last row of a full load was copied, and by when its last file was written."""

    ends: datetime = LOAD_ENDS
    written: datetime = LOAD_WRITTEN

    def file_written(self, index: int, count: int) -> datetime:
        """When file `index` (from 0) of `count` was written: a second after the one before."""
        return self.written - timedelta(seconds=count - index)


def reload_times(event: Reload) -> LoadTimes:
    """The times of a later load: long after the changes before it, and before those after it."""
    ends = LOAD_BEGINS + event.after * ROUND_LENGTH - timedelta(hours=2)
    return LoadTimes(ends, ends + timedelta(minutes=1))


def last_round(event: Reload | Truncate) -> int:
    """The round that an event needs."""
    return event.after if isinstance(event, Reload) else event.before


def random_events(
    rng: random.Random, rounds: int, load_files: int, with_truncates: bool
) -> tuple[Reload | Truncate, ...]:
    """One event at least, one at most between two rounds; a reload of as many files, fewer or more."""
    events: list[Reload | Truncate] = []
    for number in range(1, rounds):
        draw = rng.random()
        if with_truncates and draw < 0.25:
            events.append(Truncate(number + 1))
        elif draw < 0.85 or (number == rounds - 1 and not events):
            events.append(Reload(number, rng.choice((1, 2, load_files, load_files + 1))))
    return tuple(events)

"""Random logs whose tables are loaded anew or truncated: what the lake can know of it, cut by cut.

Files on S3 do not come in any order here: a load file is written over where it lies, and a truncate takes away all
that was there. Change files may be late, but none comes before a later load that it follows; the last one before
a load is there when the load is, and the first one after a truncate comes with it.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lake.simulate.events import Reload, Truncate, last_round
from lake.simulate.generate import Lake
from oracle.batch import Batch, Engine, Log, copy, on_duckdb, spec_of
from oracle.files import is_load, stamp_of
from oracle.replay import DmsFile, Replay, replay


@dataclass
class Piece:
    """A made file, its place in the lake, its round, its full load (None: of changes), and its cut."""

    made: Path
    place: str
    number: int
    load: int | None
    cut: int

    @property
    def moment(self) -> datetime:
        """When it was written: of changes, the second in its name."""
        if self.load is None:
            return datetime.strptime(stamp_of(self.made)[:15], "%Y%m%d-%H%M%S")
        return datetime.fromtimestamp(int(self.made.stat().st_mtime), UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Cut:
    """What comes between two builds: whether all that was there is gone, and the files that come."""

    is_truncated: bool
    pieces: list[Piece]


def eventful_logs(seed: int, count: int) -> list[Log]:
    """Logs with events; log `n` of batch `seed` has the seed `seed * 1000 + n`."""
    return [eventful_log(seed * 1000 + n) for n in range(count)]


def eventful_log(seed: int) -> Log:
    """The log of a seed; every fourth is a stream."""
    return Log(f"log_{seed}", seed, as_records=seed % 4 == 3, is_eventful=True)


def cuts_of(lake: Lake, log: Log, cuts: int) -> list[Cut]:
    """The files of a log on S3 in random cuts, in an order in which S3 could show them."""
    rng = random.Random(f"{log.seed}/cuts")
    events = sorted(spec_of(log).events, key=last_round)
    is_ordered = rng.random() < 0.5

    def drawn(number: int) -> int:
        return min(number, cuts - 1) if is_ordered else rng.randrange(cuts)

    at = sorted(drawn(last_round(e)) for e in events)
    first = 0 if is_ordered else rng.randrange(at[0] + 1)
    loads = {0: first} | {
        e.after: cut for e, cut in zip(events, at, strict=True) if isinstance(e, Reload)
    }
    gone = [(e.before, cut) for e, cut in zip(events, at, strict=True) if isinstance(e, Truncate)]
    pieces = []
    for number, files in enumerate(lake.tables[log.name].files):
        for file in files:
            made, place = lake.path(number, file), file.split("/", 1)[1]
            if is_load(made):
                load = sorted(loads).index(number)
                pieces.append(Piece(made, place, number, load, loads[number]))
                continue
            after = [cut for load, cut in loads.items() if 0 < load < number]
            least = max([0, *after, *(cut for before, cut in gone if before <= number)])
            most = min([cuts - 1, *(cut for before, cut in gone if before > number)])
            pieces.append(Piece(made, place, number, None, min(max(drawn(number), least), most)))
    _bring_in_time(pieces, loads, gone)
    _split_loads(pieces, loads, [*at, cuts - 1], rng)
    return [_cut(pieces, gone, cut) for cut in range(cuts)]


def _bring_in_time(pieces: list[Piece], loads: dict[int, int], gone: list[tuple[int, int]]) -> None:
    """The changes that tell a load or a truncate from what was before are there when it is."""
    changes = sorted((p for p in pieces if p.load is None), key=lambda p: p.made.name)
    for before, cut in gone:
        next(p for p in changes if p.number >= before).cut = cut
    for after, cut in loads.items():
        earlier = [p for p in changes if after and p.number <= after]
        if earlier:
            earlier[-1].cut = min(cut, earlier[-1].cut)


def _split_loads(
    pieces: list[Piece], loads: dict[int, int], at: list[int], rng: random.Random
) -> None:
    """Some loads are seen midway, where no other event was found at the same time."""
    for number, cut in loads.items():
        files = [p for p in pieces if p.load is not None and p.number == number]
        later = min([other for other in at if other > cut], default=cut)
        if number and at.count(cut) == 1 and cut > loads[0] and rng.random() < 0.5:
            for piece in files[rng.randint(1, len(files)) :]:
                piece.cut = min(cut + 1, later)


def _cut(pieces: list[Piece], gone: list[tuple[int, int]], cut: int) -> Cut:
    """What a listing finds new: the last version of each path, and nothing from before a truncate."""
    befores = [before for before, at in gone if at == cut]
    come = [p for p in pieces if p.cut == cut and p.number >= max(befores, default=0)]
    last = {p.place: p for p in sorted(come, key=lambda p: p.load or 0)}
    return Cut(bool(befores), list(last.values()))


@dataclass
class Known:
    """What the lake knows of one table: the versions that it read, those that are there, and its generations.

    `began` has the generations after the first; `load` is the newest full load seen.
    """

    read: list[DmsFile] = field(default_factory=list)
    there: dict[Path, Path] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    load: int = 0

    def see(self, cut: Cut, live: Path) -> None:
        """A listing that finds these files new."""
        newest = max((piece.load or 0 for piece in cut.pieces), default=0)
        load = [piece for piece in cut.pieces if piece.load == newest]
        if newest > self.load and self._is_told(cut, load):
            self._begin(load)
        elif cut.is_truncated and self.there:
            self._begin(cut.pieces)
        self.load = max(newest, self.load)
        self.there = {} if cut.is_truncated else self.there
        for piece in cut.pieces:
            path = live / piece.place
            self.there[path] = piece.made
            # What an older load left behind is not read.
            if piece.load is None or piece.load == self.load:
                older = [began for began in self.began.values() if began <= piece.moment]
                self.read.append(DmsFile(path, piece.moment, 1 + len(older), piece.made))

    def _is_told(self, cut: Cut, load: list[Piece]) -> bool:
        """Whether anything tells a load from the first one: files seen before, or changes from before it."""
        began = min(piece.moment for piece in load)
        changes = [piece.moment for piece in cut.pieces if piece.load is None]
        return bool(self.there or self.began) or any(moment < began for moment in changes)

    def _begin(self, pieces: list[Piece]) -> None:
        self.began[2 + len(self.began)] = min(piece.moment for piece in pieces)

    def left(self) -> list[DmsFile]:
        """The versions read that are still there to be read again."""
        return [file for file in self.read if self.there.get(file.path) == file.content]


class EventfulBatch(Batch):
    """A batch of logs with events. After `forget` only the files that are there count."""

    def __init__(self, home: Path, logs: list[Log], cuts: int, engine: Engine = on_duckdb) -> None:
        super().__init__(home, logs, cuts, engine)
        self.is_forgetful = False
        self.cuts = {
            log.name: cuts_of(self.simulated[log.name], log, cuts)
            for log in logs
            if not spec_of(log).shape.is_record
        }
        self.known = {name: Known() for name in self.cuts}

    def remembered(self) -> list[Log]:
        """The logs whose history is built too: every second that has a key."""
        return [log for log in self.logs if log.seed % 2 == 0 and spec_of(log).key]

    def deliver(self, cut: int) -> None:
        """Bring a cut's files; where a table was truncated, first take away what was there."""
        live = self.lakehouse.lake
        for log in self.logs:
            if log.name not in self.cuts:
                for made, place in self.pieces[log.name][cut]:
                    copy(made, live / place)
                continue
            come = self.cuts[log.name][cut]
            if come.is_truncated:
                shutil.rmtree(live / log.name, ignore_errors=True)
            for piece in come.pieces:
                copy(piece.made, live / piece.place)
            self.known[log.name].see(come, live)

    def forget(self) -> None:
        """Expect from now on what a full refresh can know."""
        self.is_forgetful = True

    def expected(self, log: Log) -> Replay:
        """What the naive replay makes of what was read, or of what is left of it."""
        if log.name not in self.known:
            return super().expected(log)
        known = self.known[log.name]
        entry = self.simulated[log.name].tables[log.name].entry
        return replay(entry, known.left() if self.is_forgetful else known.read, known.began)


def events_seen(batch: EventfulBatch) -> dict[str, int]:
    """How often what this is about happened, so that a test can ask for it."""
    seen: dict[str, Callable[[Known], int]] = {
        "generations": lambda known: len(known.began),
        "left over": lambda known: len(set(known.there.values()) - {f.content for f in known.read}),
    }
    return {name: sum(map(count, batch.known.values())) for name, count in seen.items()}

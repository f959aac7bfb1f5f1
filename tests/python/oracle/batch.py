"""Many random change logs in one lake: each is a table of its own shape, delivered in random cuts, compared with the replay."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lake.simulate.disorder import LOAD_BEGINS, ROUND_LENGTH, random_disorder
from lake.simulate.events import Reload, Truncate, random_events
from lake.simulate.generate import Lake, generate
from lake.simulate.shape import Shape, as_records, random_shape, with_partial_images
from lake.simulate.spec import TableSpec
from lakehouse import Lakehouse, Row, model_texts
from oracle.history import Version, alive_at, versions_of
from oracle.replay import Replay, replay

# Makes an empty lakehouse in a folder, on the engine under test.
Engine = Callable[[Path], Lakehouse]
# One log in every envelope: what its files are, whatever else the seed draws.
DRESSES: dict[str, Callable[[Shape], Shape]] = {
    "csv": lambda shape: replace(shape, envelope="s3_csv"),
    "partial": with_partial_images,
    "parquet": lambda shape: replace(shape, envelope="s3_parquet", change_seq_column="seq"),
    "unordered": lambda shape: replace(shape, envelope="s3_parquet", change_seq_column=None),
    "stream": lambda shape: replace(shape, envelope="dms_json", converted=False),
    "firehose": lambda shape: replace(shape, envelope="dms_json", converted=True),
    "binlog": lambda shape: replace(shape, envelope="binlog_json", converted=False),
}
RECORDS = {"stream", "firehose", "binlog"}
KEY_KINDS = ("id", "id", "code", "pair", "dated", "none")
ROUNDS = 3


def on_duckdb(home: Path) -> Lakehouse:
    """An empty lakehouse on DuckDB."""
    return Lakehouse(home, {})


@dataclass(frozen=True)
class Log:
    """One random log: its name, the seed that makes it again, whether it comes as JSON records, or in which dress.

    `is_eventful`: the table is loaded anew or truncated between the changes.
    """

    name: str
    seed: int
    as_records: bool = False
    dress: str | None = None
    is_eventful: bool = False


def logs_of(seed: int, count: int) -> list[Log]:
    """The logs of a batch; log `n` of batch `seed` has the seed `seed * 1000 + n`.

    Every fifth is of records, and every fifth of CSV whose updates leave columns out.
    """
    return [log_of(seed * 1000 + n) for n in range(count)]


def log_of(seed: int) -> Log:
    """The log of a seed."""
    return Log(f"log_{seed}", seed, as_records=seed % 5 == 4)


def comes_in_order(rng: random.Random) -> bool:
    """Whether a log's loads and changes arrive in order, as likely as not; the first draw of its seed."""
    return rng.random() < 0.5


def dressed_logs(seed: int) -> list[Log]:
    """The log of a seed in every dress."""
    return [Log(f"log_{seed}_{dress}", seed, dress=dress) for dress in DRESSES]


def spec_of(log: Log, key_kinds: tuple[Any, ...] = KEY_KINDS) -> TableSpec:
    """A table whose key, shape and disorder are drawn from the log's seed."""
    rng = random.Random(log.seed)
    kind = rng.choice(key_kinds)
    disorder = random_disorder(rng)
    shape = random_shape(rng)
    if log.dress:
        shape = DRESSES[log.dress](as_records(shape, rng) if log.dress in RECORDS else shape)
    elif log.as_records:
        shape = as_records(shape, rng)
    elif log.seed % 5 == 3:
        shape = with_partial_images(shape)
    events: tuple[Reload | Truncate, ...] = ()
    if log.is_eventful:
        shape = replace(shape, envelope="dms_json") if shape.is_record else shape
        events = random_events(rng, ROUNDS, shape.load_files, with_truncates=not shape.is_record)
    return TableSpec(
        name=log.name,
        events=events,
        rows=rng.choice((0, 5, 30)),
        changes=rng.choice((15, 60)),
        key_kind=kind,
        key_last=rng.random() < 0.3,
        shape=shape,
        disorder=disorder.without_key() if kind == "none" else disorder,
    )


class Batch:
    """The logs of one batch as simulated files, a live lake that they are delivered to, and a project over it."""

    def __init__(self, home: Path, logs: list[Log], cuts: int, engine: Engine = on_duckdb) -> None:
        self.logs = logs
        self.lakehouse = engine(home / "live")
        # A root without a file is refused, and a log alone may bring its first one late.
        self.lakehouse.put("of_no_table/note.txt", "")
        root = self.lakehouse.raw_root
        # Every log is generated alone, so that a failing one can be made again alone.
        self.simulated: dict[str, Lake] = {
            log.name: generate(
                home / "made" / log.name, [spec_of(log)], rounds=ROUNDS, seed=log.seed, root=root
            )
            for log in logs
        }
        self.pieces = {log.name: self._cut(log, cuts) for log in logs}
        self.lakehouse.register_text(self._registry(), [log.name for log in logs])
        self.moments = {log.name: moments_of(log) for log in logs}
        for log in self.remembered():
            self._add_history(log)

    def _registry(self) -> str:
        import yaml

        documents = [yaml.safe_load(lake.registry.read_text()) for lake in self.simulated.values()]
        merged = documents[0]
        for document in documents[1:]:
            merged["sources"][0]["tables"] += document["sources"][0]["tables"]
        for table in merged["sources"][0]["tables"]:
            facts = table["config"]["meta"]["dms_lake"]
            facts["history"] = table["name"] in {log.name for log in self.remembered()}
        return yaml.safe_dump(merged, sort_keys=False)

    def remembered(self) -> list[Log]:
        """The logs whose history is built too: every third that has a key, as it takes three models more."""
        chosen = [log for log in self.logs if log.seed % 3 == 0 or len(self.logs) == 1]
        return [log for log in chosen if spec_of(log).key]

    def _add_history(self, log: Log) -> None:
        """The history of a log's table, the current rows on top of it, and its rows at the log's moments."""
        name = f"shop__{log.name}"
        moments = " union all ".join(
            f"select timestamp '{m}' as at" for m in self.moments[log.name]
        )
        history = f"ref('hst_{name}')"
        self.lakehouse.add_model(f"history/hst_{name}", model_texts(log.name)["hst"])
        self.lakehouse.add_model(f"current/now_{name}", f"{{{{ dms_lake.current({history}) }}}}")
        self.lakehouse.add_model(
            f"current/was_{name}",
            f"select moments.at, history.* from ({moments}) as moments join {{{{ {history} }}}} as history"
            " on {{ dms_lake.held_at('history', 'moments.at') }}",
        )

    def _cut(self, log: Log, cuts: int) -> list[list[tuple[Path, str]]]:
        """The log's files in a random order of arrival, cut at random: per cut (made file, place in the live lake)."""
        lake = self.simulated[log.name]
        rng = random.Random(log.seed)
        pieces: list[list[tuple[Path, str]]] = [[] for _ in range(cuts)]
        ordered = comes_in_order(rng)
        for number, files in enumerate(lake.tables[log.name].files):
            for file in files:
                cut = min(number, cuts - 1) if ordered else rng.randrange(cuts)
                pieces[cut].append((lake.path(number, file), file.split("/", 1)[1]))
        return pieces

    def deliver(self, cut: int) -> None:
        """Put the files of a cut into the live lake, with the times that S3 would show."""
        for pieces in self.pieces.values():
            for made, place in pieces[cut]:
                copy(made, self.lakehouse.lake / place)

    def expected(self, log: Log) -> Replay:
        """What the naive replay makes of the log's files delivered so far."""
        folder = self.lakehouse.lake / log.name
        files = (
            sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
        )
        return replay(self.simulated[log.name].tables[log.name].entry, files)

    def differences(self) -> list[str]:
        """Every way in which the built lake and the replay disagree, a line each; empty where all agree."""
        found = []
        for log in self.logs:
            entry = self.simulated[log.name].tables[log.name].entry
            expected = self.expected(log)
            lines = compare(self.lakehouse, entry, log.name, expected)
            if log in self.remembered():
                lines += compare_history(
                    self.lakehouse, entry, log.name, expected, self.moments[log.name]
                )
            found += [f"seed {log.seed}: {line}" for line in lines]
        return found

    def stored_rows(self) -> dict[str, list[str]]:
        """Every row of every latest, rejected and history table, but the time of the run that wrote it."""
        tables = [f"{room}_shop__{log.name}" for log in self.logs for room in ("lat", "rej")]
        tables += [f"hst_shop__{log.name}" for log in self.remembered()]
        return {table: sorted(rows_but_time(self.lakehouse, table).elements()) for table in tables}


def moments_of(log: Log) -> list[dt.datetime]:
    """Three moments from before the load to after the last round."""
    rng = random.Random(f"{log.seed}/moments")
    span = ROUND_LENGTH * 4 / dt.timedelta(microseconds=1)
    start = LOAD_BEGINS - ROUND_LENGTH / 2
    return [start + dt.timedelta(microseconds=rng.randrange(int(span))) for _ in range(3)]


def copy(made: Path, target: Path) -> None:
    """Put a file into the lake, with the time that S3 would show: whole seconds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)
    os.utime(target, (int(made.stat().st_mtime), int(made.stat().st_mtime)))


def compare(lakehouse: Lakehouse, entry: dict[str, Any], name: str, expected: Replay) -> list[str]:
    """The differences between the built tables of one log and its replay."""
    columns = [column["name"] for column in entry["columns"]]
    current = lakehouse.sql(f'select * from "cur_shop__{name}"')
    dead = lakehouse.sql(f'select * from "lat_shop__{name}" where _cdc_is_deleted')
    rejected = lakehouse.sql(f'select _cdc_file_path, _cdc_file_row_number from "rej_shop__{name}"')
    lines = []
    want = Counter(row_text(row, columns) for row in expected.current.values())
    got = Counter(row_text(row, columns) for row in current)
    if want != got:
        lines.append(f"current: missing {list(want - got)[:3]}, too many {list(got - want)[:3]}")
    if entry["key"]:
        want_dead = {str(key) for key in expected.tombstones}
        got_dead = {str(tuple(row[part] for part in entry["key"])) for row in dead}
        if want_dead != got_dead:
            lines.append(f"tombstones: {sorted(want_dead ^ got_dead)[:5]}")
    if entry.get("unsupplied_token") and entry["key"]:
        unsaid = issues_differ(entry, current, expected)
        lines += [f"issues of {unsaid[:3]}"] if unsaid else []
    numbers = lakehouse.numbers_rows
    want_rejected = Counter(
        (str(row.path), row.row_number if numbers else None) for row in expected.rejected
    )
    got_rejected = Counter(
        (lakehouse.local(r["_cdc_file_path"]), r["_cdc_file_row_number"] if numbers else None)
        for r in rejected
    )
    if want_rejected != got_rejected:
        lines.append(
            f"rejected: {list((want_rejected - got_rejected) + (got_rejected - want_rejected))[:5]}"
        )
    return lines


def issues_differ(entry: dict[str, Any], current: list[Row], expected: Replay) -> list[Any]:
    """The keys of living rows whose notes name other columns than those that nothing supplied."""
    differing = []
    for row in current:
        key = tuple(row[name] for name in entry["key"])
        notes = json.loads(row["_cdc_issues"] or "[]")
        noted = {note["column"] for note in notes if note["text"] == entry["unsupplied_token"]}
        if noted != expected.missing.get(key, frozenset()):
            differing.append((key, noted))
    return differing


def rows_but_time(lakehouse: Lakehouse, table: str) -> Counter[str]:
    """The rows of a table as texts, without the time of the run that wrote them."""
    return Counter(
        str({name: value for name, value in row.items() if name != "_cdc_processed_at"})
        for row in lakehouse.sql(f'select * from "{table}"')
    )


def row_text(row: Row, columns: list[str]) -> str:
    """The business columns of a row as a text that is equal for equal rows (NaN included)."""
    values = (row[column] for column in columns)
    return repr([None if isinstance(v, float) and math.isnan(v) else v for v in values])


def compare_history(
    lakehouse: Lakehouse,
    entry: dict[str, Any],
    name: str,
    expected: Replay,
    moments: list[dt.datetime],
) -> list[str]:
    """The differences between the built history of one log and its replay."""
    columns = [column["name"] for column in entry["columns"]]
    histories = {
        key: versions_of(entry, changes, expected.began)
        for key, changes in expected.changes.items()
        if changes
    }
    lines = []
    want = Counter(
        version_text(number, version, key, entry)
        for key, versions in histories.items()
        for number, version in enumerate(versions, start=1)
    )
    rows = lakehouse.sql(f'select * from "hst_shop__{name}"')
    got = Counter(stored_version_text(row, entry) for row in rows)
    if want != got:
        lines.append(f"history: missing {list(want - got)[:3]}, too many {list(got - want)[:3]}")
    was = lakehouse.sql(f'select * from "was_shop__{name}"')
    for moment in moments:
        alive = Counter(row_text(row, columns) for row in alive_at(histories, moment).values())
        found = Counter(row_text(row, columns) for row in was if row["at"] == moment)
        if alive != found:
            lines.append(
                f"at {moment}: missing {list(alive - found)[:3]}, too many {list(found - alive)[:3]}"
            )
    current, now = (rows_but_time(lakehouse, f"{room}_shop__{name}") for room in ("cur", "now"))
    if current != now:
        apart = [*(current - now), *(now - current)]
        lines.append(f"current on history is not current on latest: {apart[:2]}")
    return lines


def version_text(number: int, version: Version, key: tuple[Any, ...], entry: dict[str, Any]) -> str:
    """A version of the replay as a text: its key, number, time, and values."""
    columns = [column["name"] for column in entry["columns"]]
    state = "deleted" if version.state is None else row_text(version.state, columns)
    return repr([list(key), number, version.began, version.ended, state])


def stored_version_text(row: Row, entry: dict[str, Any]) -> str:
    """The same of a row of a history."""
    columns = [column["name"] for column in entry["columns"]]
    state = "deleted" if row["_cdc_is_deleted"] else row_text(row, columns)
    key = [row[name] for name in entry["key"]]
    began, ended = row["_cdc_valid_from"], row["_cdc_valid_to"]
    if row["_cdc_is_current"] != (ended is None):
        ended = f"{ended}, but current is {row['_cdc_is_current']}"
    return repr([key, row["_cdc_version_number"], began, ended, state])

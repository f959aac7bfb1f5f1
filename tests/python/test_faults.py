"""Faults in the middle of a run: readers see the old answer or the new one, and the next run is right."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import duckdb
import pytest

from faults import FilesUpTo, Kill, Replace, start
from lakehouse import Lakehouse, Row, Table
from oracle.batch import Batch, compare, logs_of
from oracle.eventful import EventfulBatch, eventful_log
from oracle.replay import Replay

# More of them when asked for: `DMS_LAKE_KILLS=200 pytest tests/python/test_faults.py -k killed`.
KILLS = int(os.environ.get("DMS_LAKE_KILLS", "12"))
SEED = int(os.environ.get("DMS_LAKE_KILL_SEED", "1"))
# In their second cut two tables are loaded anew twice, one is truncated, and one is a stream that is loaded twice.
RELOADED = (4106, 4112, 4110, 4123)

pytestmark = pytest.mark.long


def schedule(kills: int, events: int, seed: int) -> list[Kill]:
    """Moments spread evenly over a run of so many events, each at a random place in its stretch."""
    rng = random.Random(seed)
    return [
        Kill(1 + int(events * (n + rng.random()) / kills), rng.choice((0, 0.002, 0.02)))
        for n in range(kills)
    ]


def keep(database: Path, kept: Path) -> None:
    """Copy a database with its write-ahead log, or its absence."""
    for end in ("", ".wal"):
        source, target = Path(f"{database}{end}"), Path(f"{kept}{end}")
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)


def half_states(batch: Batch, old: dict[str, Replay] | None, new: dict[str, Replay]) -> list[str]:
    """The tables in which a reader finds neither what was there before the run nor what comes after it."""
    found = []
    for log in batch.logs:
        entry = batch.simulated[log.name].tables[log.name].entry
        try:
            now = compare(batch.lakehouse, entry, log.name, new[log.name])
            before = compare(batch.lakehouse, entry, log.name, old[log.name]) if old else now
        except duckdb.CatalogException:
            # Before the first build a table is not there; afterwards it always is.
            if old:
                raise
            continue
        for part in ("current", "tombstones", "rejected"):
            lines = [[line for line in side if line.startswith(part)] for side in (before, now)]
            if all(lines):
                found.append(f"{log.name}: {lines}")
    return found


@pytest.mark.parametrize(
    "what",
    [
        "round",
        "first-build",
        pytest.param("reload", marks=pytest.mark.nightly),
    ],
)
def test_a_run_killed_at_any_moment_leaves_the_old_or_the_new_answer_and_the_next_is_right(
    tmp_path: Path, what: str
) -> None:
    batch = (
        EventfulBatch(tmp_path, [eventful_log(seed) for seed in RELOADED], cuts=2)
        if what == "reload"
        else Batch(tmp_path, logs_of(40, 4), cuts=2)
    )
    lakehouse, kept = batch.lakehouse, tmp_path / "kept.duckdb"
    old = None
    batch.deliver(0)
    if what != "first-build":
        lakehouse.build()
        old = {log.name: batch.expected(log) for log in batch.logs}
    keep(lakehouse.database, kept)
    batch.deliver(1)
    new = {log.name: batch.expected(log) for log in batch.logs}
    whole = start(lakehouse).wait()
    assert whole.success, whole.text
    assert not batch.differences()

    killed = 0
    for kill in schedule(KILLS // 2, whole.events, SEED):
        keep(kept, lakehouse.database)
        run = start(lakehouse, on_event=kill).wait()
        killed += run.was_killed
        assert not half_states(batch, old, new), kill
        lakehouse.build()
        assert not batch.differences(), kill
    assert killed >= KILLS // 3, "too many runs ended before their kill"


COLUMNS = {"id": "bigint", "name": "varchar"}
LOAD = "1,one\n2,two\n"
CHANGES = "I,3,three\nU,1,uno\n"
OLD = [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]
NEW = [{"id": 1, "name": "uno"}, {"id": 2, "name": "two"}, {"id": 3, "name": "three"}]
CHANGE_FILE = {
    "s3_csv": "orders/20240102-000000001.csv",
    "s3_parquet": "orders/20240102-000000001.parquet",
}


def parquet_rows(text: str, has_op: bool) -> list[Row]:
    """The rows of a small CSV text as a Parquet file of DMS has them."""
    names = (["Op"] if has_op else []) + list(COLUMNS)
    rows = [dict(zip(names, line.split(","), strict=True)) for line in text.splitlines()]
    return [{**row, "id": int(row["id"])} for row in rows]


def orders(home: Path, envelope: str) -> Lakehouse:
    """One table, its load built, and a change file that waits for the next run."""
    lakehouse = Lakehouse(home, {"orders": Table(COLUMNS, {"envelope": envelope, "key": ["id"]})})
    is_csv = envelope == "s3_csv"
    load = "orders/LOAD00000001." + ("csv" if is_csv else "parquet")
    lakehouse.put(load, LOAD if is_csv else parquet_rows(LOAD, False), "2024-01-01 00:00:00")
    lakehouse.build()
    changes = CHANGES if is_csv else parquet_rows(CHANGES, True)
    lakehouse.put(CHANGE_FILE[envelope], changes, "2024-01-02 00:00:00")
    return lakehouse


@pytest.mark.parametrize("envelope", ["s3_csv", "s3_parquet"])
@pytest.mark.parametrize("is_cut", [False, True], ids=["vanishes", "cut-short"])
def test_a_file_that_changes_in_the_middle_of_a_run_is_not_counted_as_read(
    tmp_path: Path, envelope: str, is_cut: bool
) -> None:
    lakehouse = orders(tmp_path, envelope)
    path = lakehouse.lake / CHANGE_FILE[envelope]
    whole, times = path.read_bytes(), path.stat()
    content = whole[: len(whole) // 2] if is_cut else None
    run = start(
        lakehouse, on_event=Replace("Finished running node model.dms_lake.chg_", path, content)
    )
    run.wait()
    assert run.success is False
    assert f"`{path}`" in run.text
    assert lakehouse.current("orders") == OLD
    # The same file comes back, with the time that it had.
    path.write_bytes(whole)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    lakehouse.build()
    assert lakehouse.current("orders") == NEW
    assert lakehouse.sql('select * from "rej_shop__orders"') == []


def test_a_full_disk_is_a_clear_error_and_nothing_is_lost(tmp_path: Path) -> None:
    lakehouse = orders(tmp_path, "s3_csv")
    many = "".join(f"I,{n},{random.Random(n).randbytes(400).hex()}\n" for n in range(10, 8000))
    lakehouse.put("orders/20240103-000000001.csv", many, "2024-01-03 00:00:00")
    room = lakehouse.database.stat().st_size + 1_000_000
    run = start(lakehouse, before=FilesUpTo(room)).wait()
    assert run.success is False
    assert "lake.duckdb" in run.text
    assert "File too large" in run.text
    assert lakehouse.current("orders") == OLD
    lakehouse.build()
    assert len(lakehouse.current("orders")) == len(NEW) + 7990


def test_of_two_runs_at_once_one_is_refused_and_none_corrupts(tmp_path: Path) -> None:
    lakehouse = orders(tmp_path, "s3_csv")
    runs = [start(lakehouse, "--target-path", str(tmp_path / f"target_{n}")) for n in range(3)]
    outcomes = [run.wait() for run in runs]
    assert any(run.success for run in outcomes), [run.text for run in outcomes]
    for run in outcomes:
        assert run.success or "Could not set lock on file" in run.text
    assert lakehouse.current("orders") == NEW
    lakehouse.build()
    assert lakehouse.current("orders") == NEW
    assert lakehouse.sql("select count(*) as n from dms_lake_reads") == [{"n": 4}]

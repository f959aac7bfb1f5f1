"""History on Athena: row for row what DuckDB makes of the same lake, in one commit, without a gap for readers."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from athena_contention import reading, two_writers
from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse, Row, Table

pytestmark = pytest.mark.long

ROOMS = ("chg", "hst")
CSV = {"key": ["id"], "history": True, "timestamp_column": "ts", "envelope": "s3_csv"}
PARQUET = {
    "key": ["id", "Part of"],
    "history": True,
    "timestamp_column": "ts",
    "envelope": "s3_parquet",
    "before_image_prefix": "BI_",
}
LINES = {"id": "bigint", "name": "varchar"}
PARTS = {"id": "bigint", "Part of": "varchar", "amount": "decimal(12,2)", "note": "varchar"}
TABLES = {
    "lines": Table(LINES, CSV),
    "parts": Table(PARTS, PARQUET | {"change_seq_column": "seq"}),
    "unnumbered": Table(PARTS, PARQUET),
}
LOADED = "2024-01-01 09:00:00"


@pytest.fixture
def lakes(tmp_path: Path, athena: AthenaPlace) -> tuple[Lakehouse, AthenaLakehouse]:
    """The same tables on both engines."""
    both = (
        Lakehouse(tmp_path / "duckdb", TABLES, models=ROOMS),
        AthenaLakehouse(tmp_path / "athena", athena, TABLES, models=ROOMS),
    )
    for lake in both:
        for name in TABLES:
            lake.add_model(
                f"current/now_shop__{name}", f"{{{{ dms_lake.current(ref('hst_shop__{name}')) }}}}"
            )
            lake.add_model(
                f"current/was_shop__{name}",
                f"select * from {{{{ dms_lake.as_of(ref('hst_shop__{name}'), \"timestamp '2024-01-06 12:00:00'\") }}}} as was",
            )
    return both


def put(lakes: tuple[Lakehouse, Lakehouse], path: str, content: Any, modified: str) -> None:
    """The same file for both."""
    for lake in lakes:
        lake.put(path, content, modified)


def build(lake: Lakehouse, *arguments: str) -> None:
    """Build what reads the raw files, and no audit."""
    lake.build("--select", "source:shop+", *arguments)


def rows(lake: Lakehouse, relation: str, name: str) -> Counter[str]:
    """The rows of a relation as texts, without what differs by engine or run.

    That is the run's time; the folder (a file that was written over is read from a copy on Athena);
    the row hash, which is made of texts as the engine writes values; and the row numbers of a Parquet
    file that is registered where it lies.
    """
    left_out = {"_cdc_processed_at", "_cdc_row_hash"}
    if name == "parts":
        left_out.add("_cdc_file_row_number")
    return Counter(str(plain(row, left_out)) for row in lake.sql(f'select * from "{relation}"'))


def plain(row: Row, left_out: set[str]) -> Row:
    """A row with names in lower case and the name of its file alone."""
    found = {name.lower(): value for name, value in row.items() if name not in left_out}
    if path := found.get("_cdc_file_path"):
        found["_cdc_file_path"] = Path(path).name
    return found


def assert_same(lakes: tuple[Lakehouse, Lakehouse], when: str) -> None:
    """Histories, current on history, and the rows as of a moment, of every table."""
    for name in TABLES:
        for room in ("hst", "now", "was"):
            duckdb, athena = (rows(lake, f"{room}_shop__{name}", name) for lake in lakes)
            assert duckdb, f"{room} {name} has no row {when}"
            assert duckdb == athena, (
                f"{room} {name} {when}: only DuckDB {list(duckdb - athena)[:3]}, "
                f"only Athena {list(athena - duckdb)[:3]}"
            )


class Log:
    """Random changes of few keys: many of one key in a file, several at one moment, deletes, moved keys, equal neighbours."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.sequence = 0

    def lines(self, day: int, count: int) -> str:
        """A CSV change file."""
        made = ""
        for _ in range(count):
            operation, key = self.rng.choice("IUUUD"), self.rng.randrange(8)
            made += f"{operation},{self.moment(day)},{key},{self.rng.choice('abc')}\n"
        return made

    def parts(self, day: int, count: int, with_sequence: bool) -> pa.Table:
        """A Parquet change file; a move carries the old key as its before-image."""
        found: list[Row] = []
        for _ in range(count):
            self.sequence += 1
            operation = self.rng.choice("IUUUUDM")
            key, part = self.rng.randrange(6), self.rng.choice("xy")
            row = {
                "Op": "U" if operation == "M" else operation,
                "ts": self.moment(day),
                "seq": f"{day:03}{self.sequence:032d}",
                "id": key,
                "Part of": part,
                "amount": self.rng.choice((None, "1.50", "2.00")),
                "note": self.rng.choice(("", None, "n")),
                "BI_id": self.rng.randrange(6) if operation == "M" else None,
                "BI_Part of": part if operation == "M" else None,
            }
            found.append(row)
        return parquet(found, [] if with_sequence else ["seq"])

    def moment(self, day: int) -> str:
        """One of few moments of a day, so that several changes share it."""
        return f"2024-01-{day:02} {self.rng.randrange(3) * 8:02}:00:00"


def parquet(found: list[Row], left_out: list[str]) -> pa.Table:
    """Rows as DMS writes them; the amounts are decimals."""
    types = {"id": pa.int64(), "BI_id": pa.int64()}
    names = ["Op", "ts", "seq", "id", "Part of", "amount", "note", "BI_id", "BI_Part of"]
    columns = {
        name: pa.array([row.get(name) for row in found], types.get(name, pa.string()))
        for name in names
        if name not in left_out
    }
    columns["amount"] = columns["amount"].cast(pa.decimal128(12, 2))
    return pa.table(columns)


def load(*keys: int) -> pa.Table:
    """A load file of the Parquet tables."""
    rows = [{"ts": LOADED, "id": key, "Part of": "x", "amount": "1.50"} for key in keys]
    return parquet(rows, ["Op", "seq", "BI_id", "BI_Part of"])


def test_the_history_of_a_lake_is_the_same_on_both_engines(
    lakes: tuple[Lakehouse, AthenaLakehouse],
) -> None:
    """Another random log: `DMS_LAKE_ATHENA_BATCH=<seed> pytest ...`."""
    log = Log(int(os.environ.get("DMS_LAKE_ATHENA_BATCH", "5")))
    files: list[tuple[str, Any, str]] = []
    for day in range(2, 12):
        stamp, at = f"202401{day:02}-230000000", f"2024-01-{day:02} 23:00:00"
        files.append((f"lines/{stamp}.csv", log.lines(day, 12), at))
        files.append((f"parts/{stamp}.parquet", log.parts(day, 12, True), at))
        files.append((f"unnumbered/{stamp}.parquet", log.parts(day, 12, False), at))
    log.rng.shuffle(files)

    put(lakes, "lines/LOAD00000001.csv", "".join(f"{LOADED},{n},a\n" for n in range(6)), LOADED)
    for name in ("parts", "unnumbered"):
        put(lakes, f"{name}/LOAD00000001.parquet", load(0, 1, 2, 3), LOADED)
    for cut in range(3):
        for path, content, at in files[cut::3]:
            put(lakes, path, content, at)
        for lake in lakes:
            build(lake)
        assert_same(lakes, f"after cut {cut + 1}")

    athena = lakes[1]
    before = snapshots(athena)
    build(athena)
    assert snapshots(athena) == before, "a run with nothing new wrote"
    athena.operation("read_again", table="shop.parts")
    build(athena)
    assert_same(lakes, "after its files were read again")
    build(athena, "--full-refresh")
    assert_same(lakes, "after a full refresh")

    again = "2024-01-20 09:00:00"
    put(lakes, "lines/LOAD00000001.csv", "".join(f"{again},{n},b\n" for n in (0, 2, 9)), again)
    put(lakes, "lines/20240121-000000000.csv", log.lines(21, 6), "2024-01-21 00:00:00")
    for name in ("parts", "unnumbered"):
        changes = log.parts(21, 6, name == "parts")
        put(lakes, f"{name}/LOAD00000001.parquet", load(1, 5), again)
        put(lakes, f"{name}/20240121-000000000.parquet", changes, "2024-01-21 00:00:00")
    for lake in lakes:
        build(lake)
    assert_same(lakes, "after a reload")
    put(lakes, "lines/20240105-235900000.csv", log.lines(5, 6), "2024-01-05 23:59:00")
    for lake in lakes:
        build(lake)
    assert_same(lakes, "after a late file of the first load")


def snapshots(lake: AthenaLakehouse) -> list[Any]:
    """The commits of every log."""
    logs = [f"hst_shop__{name}__log$snapshots" for name in TABLES]
    return [lake.sql(f'select snapshot_id from "{log}" order by 1') for log in logs]


MANY = 2_000
SOURCE = {"envelope": "s3_parquet", "change_seq_column": "seq"}
HISTORY = {"key": ["id"], "history": True}
ORDERS = {"id": "bigint", "note": "varchar", "size": "integer", "gone": "varchar"}


@pytest.fixture
def lake(tmp_path: Path, athena: AthenaPlace) -> AthenaLakehouse:
    """A table of many rows, loaded, and a change of every row put but not landed."""
    lake = AthenaLakehouse(
        tmp_path, athena, {"orders": Table(ORDERS, HISTORY)}, SOURCE, models=ROOMS
    )
    lake.put("orders/LOAD00000001.parquet", many("old"), "2024-01-01 10:00:00")
    build(lake)
    change(lake, 2, "new")
    return lake


def many(note: str, **more: Any) -> pa.Table:
    """One row for every key."""
    size = pa.array([1] * MANY, pa.int32())
    return pa.table({**more, "id": range(MANY), "note": [note] * MANY, "size": size})


def change(lake: AthenaLakehouse, day: int, note: str) -> None:
    """Put an update of every key."""
    sequence = [f"{day:017}{n:018}" for n in range(MANY)]
    table = many(note, Op=["U"] * MANY, seq=sequence)
    lake.put(f"orders/202401{day:02}-000000001.parquet", table, f"2024-01-{day:02} 00:00:01")


def notes(lake: AthenaLakehouse) -> list[tuple[str, bool, int]]:
    """How many versions have which note, and are current or not; the numbers tell a doubled version."""
    query = """
        select note, _cdc_is_current as is_current, count(distinct id) as n, count(*) as versions
        from hst_shop__orders group by 1, 2 order by max(_cdc_version_number), 1
    """
    return [(r["note"], r["is_current"], r["n"] + r["versions"]) for r in lake.sql(query)]


def versions(*notes: str) -> list[tuple[str, bool, int]]:
    """What `notes` gives where every key had these notes one after the other."""
    return [(note, note == notes[-1], 2 * MANY) for note in notes]


def test_a_run_that_dies_before_its_ledger_reads_again(lake: AthenaLakehouse) -> None:
    lake.break_macro(
        "write/_record_run.sql",
        "{%- set reads = dms_lake._ledger('reads') -%}",
        "{%- set reads = dms_lake._fail('test', 'died after the commit') -%}",
    )
    lake.land()
    assert "died after the commit" in lake.dbt("run", "--select", "source:shop+").text
    assert notes(lake) == versions("old", "new")
    lake.mend_macros()
    build(lake)
    assert notes(lake) == versions("old", "new")


def test_s3_refuses_writes_and_then_two_write_at_once(lake: AthenaLakehouse) -> None:
    lake.land()
    log = f"{lake.place.prefix}tables/{lake.place.database}/hst_shop__orders__log"
    for arguments in ([], ["--full-refresh"]):
        with lake.place.local.refusing_writes(log):
            assert not lake.dbt("run", "--select", "history", *arguments).success
            assert notes(lake) == versions("old")
    two_writers(lake, "history")
    assert notes(lake) == versions("old", "new")
    build(lake, "--full-refresh")
    assert notes(lake) == versions("old", "new")


def test_a_reader_sees_only_what_was_true(lake: AthenaLakehouse) -> None:
    """A reader in a loop, through merges, columns that come, go and widen, and full refreshes: no error, nothing half."""
    allowed = [versions("old"), versions("old", "new"), versions("old", "new", "newest")]
    with reading(lambda: notes(lake), allowed) as order:
        build(lake)
        wider = {"id": "bigint", "note": "varchar", "size": "bigint", "extra": "varchar"}
        lake.register({"orders": Table(wider, HISTORY)}, SOURCE)
        change(lake, 3, "newest")
        build(lake)
        build(lake, "--full-refresh")
        lake.register({"orders": Table(wider | {"size": "varchar"}, HISTORY)}, SOURCE)
        lake.dbt("run", "--full-refresh", "--select", "source:shop+")
    assert order[-1] == 2


def test_a_run_with_nothing_new_asks_once(lake: AthenaLakehouse) -> None:
    writing, idle = statements_of(lake), statements_of(lake)
    assert writing == ["SELECT", "MERGE", "SELECT", "INSERT", "INSERT"]
    assert idle == ["SELECT"]


def statements_of(lake: AthenaLakehouse) -> list[str]:
    """The kinds of the statements that the history of the next build sends."""
    node = "model.dms_lake.hst_shop__orders"
    before = len(lake.place.statements(node))
    build(lake)
    sent = lake.place.statements(node)[before:]
    return ["SELECT" if s["substatement_type"] == "WITH" else s["substatement_type"] for s in sent]


def test_what_stands_there_already(lake: AthenaLakehouse) -> None:
    """A table in the view's place is named, and only a full refresh replaces it."""
    lake.place.sql("drop view hst_shop__orders")
    folder = f"{lake.place.prefix}hive/"
    lake.place.sql(f"create external table hst_shop__orders (a string) location '{folder}'")
    lake.land()
    outcome = lake.dbt("run", "--select", "history")
    assert "a table named `hst_shop__orders` stands in the schema" in outcome.text
    build(lake, "--full-refresh")
    assert notes(lake) == versions("old", "new")

"""Days of whole tables, from a random workload: current is the newest day, and the history is every day."""

from __future__ import annotations

import datetime as dt
import decimal
import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lake.simulate.generate import generate
from lake.simulate.shape import Shape
from lake.simulate.spec import TableSpec
from lake.simulate.values import KeyKind
from lakehouse import Lakehouse, Table

pytestmark = pytest.mark.long

DAYS = 4
KINDS: tuple[KeyKind, ...] = ("id", "pair")
# How many levels of folders name the day.
LEVELS = {"t_id": 1, "t_pair": 3}


def day(number: int) -> dt.datetime:
    return dt.datetime(2024, 1, 1) + dt.timedelta(days=number)


def test_each_day_is_told_by_its_snapshot(tmp_path: Path) -> None:
    """The third day arrives last: it must take its place in the history and leave current alone."""
    specs = [
        TableSpec(f"t_{kind}", rows=60, changes=40, key_kind=kind, shape=Shape()) for kind in KINDS
    ]
    simulated = generate(tmp_path / "made", specs, rounds=DAYS - 1, seed=5)
    lake = Lakehouse(
        tmp_path / "lake",
        {
            name: Table(
                {column["name"]: column["data_type"] for column in table.entry["columns"]},
                {
                    "envelope": "snapshot",
                    "file_format": "parquet",
                    "key": table.entry["key"],
                    "folder": "/".join(["{snapshot}"] * LEVELS[name] + ["school", name]),
                    "history": True,
                },
            )
            for name, table in simulated.tables.items()
        },
        models=("chg", "lat", "cur", "rej", "hst"),
    )
    truth = {
        name: [rows_of(path) for path in table.truth if path]
        for name, table in simulated.tables.items()
    }

    def deliver(number: int) -> None:
        for name, table in simulated.tables.items():
            days = day(number).strftime("%Y/%m/%d" if LEVELS[name] == 3 else "%Y-%m-%d")
            target = lake.lake / days / "school" / name / "LOAD00000001.parquet"
            target.parent.mkdir(parents=True)
            source = table.truth[number]
            assert source
            shutil.copyfile(source, target)
            seconds = day(number).replace(tzinfo=dt.UTC).timestamp()
            os.utime(target, (seconds, seconds))

    for number in (0, 1, 3, 2):
        deliver(number)
        lake.build()
        for name in simulated.tables:
            assert living(lake, name) == truth[name][max(number, 3 if number == 2 else 0)], name
    incremental = {name: versions(lake, name) for name in simulated.tables}
    for name in simulated.tables:
        for number in range(DAYS):
            moment = day(number) + dt.timedelta(hours=1)
            assert as_of(lake, name, moment) == truth[name][number], f"{name} on day {number}"
    lake.build("--full-refresh")
    assert {name: versions(lake, name) for name in simulated.tables} == incremental


def rows_of(path: Path) -> list[str]:
    return in_order(pq.ParquetFile(path).read().to_pylist())


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(
        repr({k: row[k] for k in sorted(row) if not k.startswith("_cdc_")}) for row in rows
    )


def living(lake: Lakehouse, name: str) -> list[str]:
    return in_order(lake.sql(f'select * from "cur_shop__{name}"'))


def as_of(lake: Lakehouse, name: str, moment: dt.datetime) -> list[str]:
    return in_order(
        lake.sql(
            f'select * from "hst_shop__{name}" where not _cdc_is_deleted'
            f" and (_cdc_valid_from is null or _cdc_valid_from <= timestamp '{moment}')"
            f" and (_cdc_valid_to is null or _cdc_valid_to > timestamp '{moment}')"
        )
    )


def versions(lake: Lakehouse, name: str) -> list[str]:
    rows = lake.sql(f'select * exclude (_cdc_processed_at) from "hst_shop__{name}"')
    return sorted(repr(list(row.values())) for row in rows)


def test_only_rows_that_a_snapshot_says_otherwise_are_written(tmp_path: Path) -> None:
    """A day repeats every row: of a hundred one changed, one went and one came, and late files tell no lies."""
    lake = Lakehouse(
        tmp_path,
        {
            "orders": Table(
                {"id": "bigint", "note": "varchar", "amount": "decimal(12,2)"},
                {
                    "envelope": "snapshot",
                    "file_format": "parquet",
                    "key": ["id"],
                    "folder": "{snapshot}/orders",
                    "history": True,
                },
            )
        },
        models=("chg", "lat", "cur", "hst"),
    )

    def put(number: int, name: str, notes: dict[int, str | None], hour: int = 0) -> None:
        rows = [
            {"id": key, "note": note, "amount": decimal.Decimal("1.50")}
            for key, note in notes.items()
        ]
        lake.put(
            f"{day(number):%Y-%m-%d}/orders/{name}.parquet",
            rows,
            day(number) + dt.timedelta(hours=hour),
        )

    def written() -> int:
        """Rows that the build writes into latest."""
        lake.build()
        (run,) = lake.sql(
            "select rows_written, invocation_id from dms_lake_runs where model like '%.lat_%'"
            " order by started_at desc nulls last limit 1"
        )
        changed = run["invocation_id"] not in seen
        seen.add(run["invocation_id"])
        return int(run["rows_written"]) if changed else 0

    def living() -> dict[int, str | None]:
        return {row["id"]: row["note"] for row in lake.current("orders")}

    def places() -> dict[int, str]:
        return {
            row["id"]: row["_cdc_file_path"].removeprefix(f"{lake.lake}/")
            for row in lake.sql("select * from cur_shop__orders")
        }

    def logged() -> int:
        """Rows that the history keeps."""
        return int(lake.sql("select count(*) as n from hst_shop__orders__log")[0]["n"])

    seen: set[str] = set()
    first: dict[int, str | None] = {key: f"note {key}" for key in range(100)}
    put(0, "a", first)
    assert written() == 100
    assert logged() == 100

    third = {key: note for key, note in first.items() if key != 7}
    third |= {8: None, 100: "new"}
    put(2, "a", third)
    assert written() == 3
    assert logged() == 103
    assert living() == third
    came_from = places()
    assert came_from[1] == "2024-01-01/orders/a.parquet"
    assert came_from[8] == came_from[100] == "2024-01-03/orders/a.parquet"

    assert written() == 0, "nothing new, and what the day repeated is alive"
    assert logged() == 103
    assert living() == third

    # The day before comes late: only a key that nobody held is noted, as gone by the third day.
    put(1, "a", first | {1: "otherwise", 7: "still here", 101: "for a day"})
    assert written() == 1
    assert living() == third

    # A second file of the third day says nothing about the keys of the first.
    put(2, "b", {102: "came late"})
    assert written() == 1
    assert living() == third | {102: "came late"}

    # The second file once more, with a row more.
    put(2, "b", {102: "came late", 103: "later still"}, hour=1)
    assert written() == 1
    fourth = third | {102: "came late", 103: "later still"}
    assert living() == fourth

    lake.operation("read_again", table="shop.orders")
    assert written() == 0, "reading everything again changes nothing"
    assert living() == fourth

    lake.build("--full-refresh")
    assert living() == fourth

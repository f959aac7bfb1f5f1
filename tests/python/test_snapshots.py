"""Days of whole tables, from a random workload: current is the newest day, and the history is every day."""

from __future__ import annotations

import datetime as dt
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

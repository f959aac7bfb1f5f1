"""Athena writes at most 100 partitions in a statement: what is said then, what the table holds, and that the cure works."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Outcome, Row, Table

pytestmark = [pytest.mark.long, pytest.mark.nightly]
COLUMNS = {"id": "bigint", "at": "timestamp"}
SOURCE = {"envelope": "s3_parquet", "change_seq_column": "seq"}
DAYS = 130


def tables(partition_by: list[str]) -> dict[str, Table]:
    """One table cut by the registry, and one whose ranges a build measures."""
    return {
        "daily": Table(COLUMNS, {"key": ["id"], "partition_by": partition_by}),
        "grown": Table(COLUMNS, {"key": ["id"]}),
    }


def rows(first: int, last: int) -> list[Row]:
    """A row a day."""
    start = dt.datetime(2024, 1, 1)
    return [{"id": n, "at": start + dt.timedelta(days=n)} for n in range(first, last)]


def test_more_than_a_hundred_partitions(tmp_path: Path, athena: AthenaPlace) -> None:
    lake = AthenaLakehouse(tmp_path, athena, tables(["day(at)"]), SOURCE)
    # Ranges are measured from half a million rows on; here from ten.
    lake.break_macro("write/_ranges.sql", "> 8000000", "> 0")
    lake.break_macro("write/_ranges.sql", "row_count / 500000", "row_count / 10")
    for name, count in (("daily", DAYS), ("grown", 1000)):
        lake.put(f"{name}/LOAD00000001.parquet", rows(0, count), "2024-01-01 10:00:00")
    lake.land()
    outcome = lake.dbt("run")
    assert failed(outcome) == {"lat_shop__daily"}
    said = "dms_lake.lat_shop__daily: the write touches more than 100 partitions"
    assert said in outcome.text and "a coarser `partition_by`" in outcome.text

    lake.register(tables(["month(at)"]), SOURCE)
    changes = [{"Op": "I", "seq": f"{row['id']:035}", **row} for row in rows(1000, 4000)]
    lake.put("grown/20240102-000000001.parquet", changes, "2024-01-02 00:00:01")
    lake.land()
    outcome = lake.dbt("run")
    assert failed(outcome) == {"lat_shop__grown"}
    assert "dms_lake.lat_shop__grown: the write touches more than 100 partitions" in outcome.text
    assert len(lake.current("daily")) == DAYS and partitions(lake, "daily") == 5
    assert len(lake.current("grown")) == 1000 and partitions(lake, "grown") == 50

    lake.build("--full-refresh", "--select", "source:shop.grown+")
    assert len(lake.current("grown")) == 4000 and partitions(lake, "grown") <= 50
    lake.build()
    assert len(lake.current("grown")) == 4000


def failed(outcome: Outcome) -> set[str]:
    """The models that failed."""
    return set(re.findall(r"Error in model (\w+)", outcome.text))


def partitions(lake: AthenaLakehouse, name: str) -> int:
    """How many partitions a table's rows lie in."""
    return len(lake.sql(f'select * from "lat_shop__{name}$partitions"'))

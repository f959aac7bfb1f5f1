"""Updates that name only what they change, beyond the story `partial_images`."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakehouse import Lakehouse, Table

pytestmark = pytest.mark.long

PARTIAL = Table(
    {"id": "bigint", "name": "varchar", "city": "varchar"},
    {
        "envelope": "s3_csv",
        "key": ["id"],
        "timestamp_column": "dms_ts",
        "unsupplied_token": "~",
    },
)


def test_partial_images_that_are_read_again_write_nothing(tmp_path: Path) -> None:
    """A row that stands at its place already keeps its `_cdc_processed_at`, whatever it was filled from."""
    lake = Lakehouse(tmp_path, {"people": PARTIAL}, models=("chg", "lat"))
    lake.put("people/LOAD00000001.csv", "2024-01-01 00:00:01,1,Ann,Bern\n", "2024-01-01")
    lake.put(
        "people/20240101-100000000.csv",
        "U,2024-01-01 10:00:00,1,~,Wien\nI,2024-01-01 10:00:01,2,Bob,~\n",
        "2024-01-01 10:00:00",
    )
    lake.build()
    assert written(lake) == [2]
    lake.put("people/20240101-110000000.csv", "U,2024-01-01 11:00:00,1,Amy,~\n", "2024-01-01 11:00")
    lake.build()
    assert written(lake) == [2, 1]
    before = lake.sql("select * from lat_shop__people order by id nulls first")
    lake.operation("read_again", table="shop.people")
    lake.build()
    assert written(lake) == [2, 1, 0]
    assert lake.sql("select * from lat_shop__people order by id nulls first") == before


def written(lake: Lakehouse) -> list[int]:
    """How many rows each run wrote into latest."""
    runs = lake.sql(
        "select rows_written from dms_lake_runs where model like '%.lat_%' order by started_at nulls first"
    )
    return [row["rows_written"] for row in runs]

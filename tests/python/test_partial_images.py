"""Updates that name only what they change, beyond the story `partial_images`."""

from __future__ import annotations

import json
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


def test_no_name_of_a_column_is_taken_for_another_or_for_a_marker(tmp_path: Path) -> None:
    """What a change left out is named in a text: a name that stands in it must be the column's own."""
    odd = ("nothing_before", 'say "b', "b", "b]", "ä")
    table = Table({"id": "bigint", **dict.fromkeys(odd, "varchar")}, PARTIAL.fields)
    unkeyed = Table(table.columns, {**PARTIAL.fields, "key": []})
    lake = Lakehouse(tmp_path, {"odd": table, "unkeyed": unkeyed}, models=("chg", "lat", "cur"))
    for name in ("odd", "unkeyed"):
        lake.put(
            f"{name}/20240101-100000000.csv",
            "I,2024-01-01 10:00:00,1,n,s,b,c,~\nI,2024-01-01 10:00:01,2,n,~,b,c,d\n",
            "2024-01-01 10:00:00",
        )
    lake.build()
    first, second = ["n", "s", "b", "c", None], ["n", None, "b", "c", "d"]
    for name in ("odd", "unkeyed"):
        rows = lake.current(name, "id", *odd, "_cdc_issues")
        assert [[row[column] for column in odd] for row in rows] == [first, second], name
        notes = [json.loads(row["_cdc_issues"]) for row in rows]
        assert notes == [[{"column": c, "text": "~"}] for c in ("ä", 'say "b')], name
    lake.put(
        "odd/20240101-110000000.csv",
        "U,2024-01-01 11:00:00,1,~,t,~,~,e\nU,2024-01-01 11:00:01,2,m,~,~,~,~\n",
        "2024-01-01 11:00",
    )
    lake.build()
    rows = lake.current("odd", *odd)
    assert [list(row.values()) for row in rows] == [
        ["m", None, *second[2:]],
        ["n", "t", "b", "c", "e"],
    ]


def written(lake: Lakehouse) -> list[int]:
    """How many rows each run wrote into latest."""
    runs = lake.sql(
        "select rows_written from dms_lake_runs where model like '%.lat_%' order by started_at nulls first"
    )
    return [row["rows_written"] for row in runs]

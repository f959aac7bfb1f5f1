"""What the ledger counts, and what an operator's command takes out of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lakehouse import REPOSITORY, Lakehouse, Table

pytestmark = pytest.mark.long

COLUMNS = {"id": "bigint", "a": "varchar"}
CSV = {"envelope": "s3_csv", "key": ["id"], "timestamp_column": "dms_ts"}
LOAD = "2024-01-01 00:00:01,1,a\n"


def test_a_tie_is_counted_once_however_many_models_and_full_refreshes_read_it(
    tmp_path: Path,
) -> None:
    tables = {"both": Table(COLUMNS, CSV | {"history": True})}
    tables["told"] = tables["both"]
    lake = Lakehouse(tmp_path, tables, models=("chg", "lat", "hst"))
    (lake.project / "models/latest/lat_shop__told.sql").unlink()
    # dbt follows no link below its model path.
    (lake.project / "models/audit").unlink()
    shutil.copytree(REPOSITORY / "models/audit", lake.project / "models/audit")
    for name in tables:
        lake.put(f"{name}/LOAD00000001.csv", LOAD, "2024-01-01")
        for part in ("x", "y"):
            change = f"U,2024-01-01 10:00:00,1,{part}\n"
            lake.put(f"{name}/{part}/20240101-100000000.csv", change, "2024-01-01 10:00:00")

    def ties() -> dict[str, int]:
        rows = lake.sql("select source_table, undecided_ties from aud_tables")
        return {row["source_table"]: row["undecided_ties"] for row in rows}

    lake.build()
    assert ties() == {"shop.both": 1, "shop.told": 1}
    lake.build("--full-refresh")
    assert ties() == {"shop.both": 1, "shop.told": 1}
    for name in tables:
        for part in ("x", "y"):
            change = f"U,2024-01-02 10:00:00,1,{part}\n"
            lake.put(f"{name}/{part}/20240102-100000000.csv", change, "2024-01-02 10:00:00")
    lake.build()
    assert ties() == {"shop.both": 2, "shop.told": 2}


def test_read_again_leaves_out_what_is_gone_and_says_so(tmp_path: Path) -> None:
    lake = Lakehouse(tmp_path, {"t": Table(COLUMNS, CSV)})
    lake.put("t/LOAD00000001.csv", LOAD + LOAD.replace(",1,", ",2,"), "2024-01-01")
    for day in ("02", "03"):
        change = f"U,2024-01-{day} 10:00:00,1,{day}\n"
        lake.put(f"t/202401{day}-100000000.csv", change, f"2024-01-{day} 10:00:00")
    lake.build()

    def again(**arguments: str) -> list[str]:
        said = lake.operation("read_again", table="shop.t", **arguments).messages
        return [text for text in said if text.startswith("dms_lake: ")]

    assert again() == ["dms_lake: 3 file(s) of `shop.t` will be read again by the next run."]
    lake.build()
    (lake.lake / "t/LOAD00000001.csv").unlink()
    (lake.lake / "t/20240102-100000000.csv").unlink()
    lake.build()
    left_out = "file(s) that do not count any more (gone, or replaced by a newer load) are left out; what was read of them stays."
    assert again(from_stamp="20240102") == [
        "dms_lake: 1 file(s) of `shop.t` will be read again by the next run.",
        f"dms_lake: 1 {left_out}",
    ]
    assert again() == [
        "dms_lake: 0 file(s) of `shop.t` will be read again by the next run.",
        f"dms_lake: 2 {left_out}",
    ]
    lake.put("t/20240104-100000000.csv", "U,2024-01-04 10:00:00,1,z\n", "2024-01-04 10:00:00")
    lake.build()
    assert lake.current("t") == [{"id": 1, "a": "z"}, {"id": 2, "a": "a"}]
    written = "select files_read from dms_lake_runs where model like '%.lat_%' order by started_at nulls first"
    assert [row["files_read"] for row in lake.sql(written)] == [3, 3, 2]

"""What dbt writes on Athena: the rows of DuckDB and of the oracle, in one commit, with nothing lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse, Table
from oracle.batch import Batch, logs_of

pytestmark = pytest.mark.long

COLUMNS = {"id": "bigint", "amount": "decimal(12,2)", "note": "varchar", "at": "timestamp"}
SOURCE = {
    "envelope": "s3_parquet",
    "timestamp_column": "dms_ts",
    "change_seq_column": "seq",
    "before_image_prefix": "BI_",
}
SCHEMA = pa.schema(
    [
        ("Op", pa.string()),
        ("dms_ts", pa.string()),
        ("seq", pa.string()),
        ("id", pa.int64()),
        ("amount", pa.decimal128(12, 2)),
        ("note", pa.string()),
        ("at", pa.timestamp("us")),
        ("BI_id", pa.int64()),
    ]
)


def load(*rows: dict[str, Any]) -> pa.Table:
    """A load file: no operation, sequence or before-image."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA).drop(["Op", "seq", "BI_id"])


def changes(first: int, *rows: dict[str, Any]) -> pa.Table:
    """A change file; the rows' sequence counts from `first`."""
    numbered = [{"seq": f"{first + n:035d}", **row} for n, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=SCHEMA)


@pytest.fixture
def lake(tmp_path: Path, athena: AthenaPlace) -> AthenaLakehouse:
    return AthenaLakehouse(tmp_path, athena, {"orders": Table(COLUMNS, {"key": ["id"]})}, SOURCE)


def living(lake: Lakehouse) -> list[list[Any]]:
    """Id and note of the current rows."""
    return [list(row.values()) for row in lake.current("orders", "id", "note")]


def test_a_table_through_its_life(lake: AthenaLakehouse) -> None:
    """Load, changes, a late file, nothing new, a reload, a full refresh."""
    loaded = [{"id": n, "note": f"n{n}", "dms_ts": "2024-01-01 00:00:00.000001"} for n in range(5)]
    lake.put("orders/LOAD00000001.parquet", load(*loaded), "2024-01-01 10:00:00")
    lake.build()
    assert living(lake) == [[n, f"n{n}"] for n in range(5)]

    second = changes(
        10,
        {"Op": "U", "dms_ts": "2024-01-02 00:00:00", "id": 1, "note": "second"},
        {"Op": "D", "dms_ts": "2024-01-02 00:00:00", "id": 2},
        {"Op": "I", "id": 9, "note": "new"},
        {"Op": "U", "id": 33, "BI_id": 3, "note": "moved"},
        {"Op": "X", "id": 9, "note": "rejected"},
    )
    lake.put("orders/20240102-000000001.parquet", second, "2024-01-02 00:00:01")
    lake.build()
    expected = [[0, "n0"], [1, "second"], [33, "moved"], [4, "n4"], [9, "new"]]
    assert living(lake) == expected
    rejected = lake.sql("select _cdc_reject_reason, _cdc_raw_text from rej_shop__orders")
    assert [row["_cdc_reject_reason"] for row in rejected] == ["unknown operation: X"]
    assert '"note": "rejected"' in rejected[0]["_cdc_raw_text"]

    late = changes(
        1,
        {"Op": "U", "dms_ts": "2024-01-01 23:00:00", "id": 1, "note": "late"},
        {"Op": "U", "dms_ts": "2024-01-01 23:00:00", "id": 2, "note": "late"},
    )
    lake.put("orders/20240101-230000001.parquet", late, "2024-01-01 23:00:01")
    lake.build()
    assert living(lake) == expected
    lake.operation("read_again", table="shop.orders")
    lake.build()
    assert living(lake) == expected
    assert len(lake.sql("select 1 from rej_shop__orders")) == 1

    again = load({"id": 1, "note": "again"}, {"id": 7, "note": "again"})
    lake.put("orders/LOAD00000001.parquet", again, "2024-02-01 00:00:00")
    after = changes(100, {"Op": "U", "dms_ts": "2024-02-03 00:00:00", "id": 1, "note": "reloaded"})
    lake.put("orders/20240203-000000001.parquet", after, "2024-02-03 00:00:01")
    lake.build()
    assert living(lake) == [[1, "reloaded"], [7, "again"]]
    lake.build("--full-refresh")
    assert living(lake) == [[1, "reloaded"], [7, "again"]]
    lake.build()
    assert living(lake) == [[1, "reloaded"], [7, "again"]]


def test_incremental_in_random_cuts_equals_full_refresh_equals_oracle(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    """A handful of the random logs of test_oracle.py, through `lake land`."""
    batch = Batch(tmp_path, logs_of(5, 8), 2, lambda home: AthenaLakehouse(home, athena, {}))
    for cut in range(2):
        batch.deliver(cut)
        batch.lakehouse.build()
        assert not batch.differences(), f"after cut {cut + 1}"
    incremental = batch.stored_rows()
    batch.lakehouse.build()
    assert batch.stored_rows() == incremental, "a run with nothing new changed rows"
    batch.lakehouse.build("--full-refresh")
    assert not batch.differences(), "after a full refresh"
    assert batch.stored_rows() == incremental

"""What dbt writes on Athena: the rows of DuckDB and of the oracle, in one commit, with nothing lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Row, Table

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


def latest(rows: list[Row]) -> list[str]:
    """Rows of a latest table but what differs by engine: when, and where a file lies."""
    own = ("_cdc_processed_at", "_cdc_undecided", "_cdc_file_path", "_cdc_file_row_number")
    return sorted(str({k: v for k, v in row.items() if k not in own}) for row in rows)


def same_on_both(lake: AthenaLakehouse, *arguments: str) -> None:
    """Build on both engines; the latest tables must be equal."""
    lake.build(*arguments)
    outcome = lake.dbt("build", "--target", "duckdb", *arguments)
    assert outcome.success, outcome.text
    query = "select * from lat_shop__orders"
    assert latest(lake.sql(query)) == latest(super(AthenaLakehouse, lake).sql(query))


def test_a_table_through_its_life(lake: AthenaLakehouse) -> None:
    """Load, changes, a late file, nothing new, a reload, a full refresh: always DuckDB's rows."""
    lake.put(
        "orders/LOAD00000001.parquet",
        load(
            *[{"id": n, "note": f"n{n}", "dms_ts": "2024-01-01 00:00:00.000001"} for n in range(5)]
        ),
        "2024-01-01 10:00:00",
    )
    same_on_both(lake)
    lake.put(
        "orders/20240102-000000001.parquet",
        changes(
            10,
            {"Op": "U", "dms_ts": "2024-01-02 00:00:00", "id": 1, "note": "second"},
            {"Op": "D", "dms_ts": "2024-01-02 00:00:00", "id": 2},
            {"Op": "I", "id": 9, "note": "new"},
            {"Op": "U", "id": 33, "BI_id": 3, "note": "moved"},
            {"Op": "X", "id": 9, "note": "rejected"},
        ),
        "2024-01-02 00:00:01",
    )
    same_on_both(lake)
    lake.put(
        "orders/20240101-230000001.parquet",
        changes(
            1,
            {"Op": "U", "dms_ts": "2024-01-01 23:00:00", "id": 1, "note": "late"},
            {"Op": "U", "dms_ts": "2024-01-01 23:00:00", "id": 2, "note": "late"},
        ),
        "2024-01-01 23:00:01",
    )
    same_on_both(lake)
    rejected = lake.sql("select _cdc_reject_reason, _cdc_raw_text from rej_shop__orders")
    assert [row["_cdc_reject_reason"] for row in rejected] == ["unknown operation: X"]
    assert '"note": "rejected"' in rejected[0]["_cdc_raw_text"]

    lake.put(
        "orders/LOAD00000001.parquet",
        load({"id": 1, "note": "again"}, {"id": 7, "note": "again"}),
        "2024-02-01 00:00:00",
    )
    lake.put(
        "orders/20240203-000000001.parquet",
        changes(100, {"Op": "U", "dms_ts": "2024-02-03 00:00:00", "id": 1, "note": "reloaded"}),
        "2024-02-03 00:00:01",
    )
    same_on_both(lake)
    assert [row["id"] for row in lake.current("orders", "id")] == [1, 7]
    same_on_both(lake, "--full-refresh")
    assert [row["id"] for row in lake.current("orders", "id")] == [1, 7]

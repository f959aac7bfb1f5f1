"""Columns that get a wider type: in place where a full refresh would give the same rows, refused where it would not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from lakehouse import Lakehouse, Row, Table

pytestmark = pytest.mark.long

CSV = {"envelope": "s3_csv", "key": ["id"], "timestamp_column": "ts"}
PARQUET = {"envelope": "s3_parquet", "key": ["id"], "timestamp_column": "ts"}
OLD = {"id": "integer", "amount": "integer", "price": "decimal(6,2)", "day": "date"}
NEW = {"id": "integer", "amount": "bigint", "price": "decimal(12,4)", "day": "date"}
TIME = "2024-01-02 00:00:00.000000"


def tables(wide: bool) -> dict[str, Table]:
    types = NEW if wide else OLD
    return {
        "good": Table(types, CSV | {"history": True}),
        "misfit": Table(types, CSV),
        "texts": Table(types | ({"amount": "varchar"} if wide else {}), CSV),
        "keys": Table(types | ({"id": "bigint"} if wide else {}), CSV),
        "columnar": Table(types | ({"amount": "varchar"} if wide else {}), PARQUET),
    }


def rows(lake: Lakehouse, name: str) -> list[Row]:
    stored = lake.sql(f'select * exclude (_cdc_processed_at) from "{name}"')
    return sorted(stored, key=str)


def test_a_wider_type_is_taken_in_place_or_refused(tmp_path: Path) -> None:
    lake = Lakehouse(tmp_path, tables(wide=False), models=("chg", "lat", "cur", "rej", "hst"))
    for name in set(tables(wide=False)) - {"good"}:
        (lake.project / f"models/history/hst_shop__{name}.sql").unlink()
    for name in ("good", "misfit", "texts", "keys"):
        amount = "3000000000" if name == "misfit" else "7"
        load = f"{TIME},1,{amount},1.50,2024-01-01\n{TIME},2,8,2.00,2024-01-01\n"
        lake.put(f"{name}/LOAD00000001.csv", load)
        # A deletion with its key alone, and a row that is rejected.
        lake.put(
            f"{name}/20240102-030405123.csv", f"D,{TIME},2,NULL,NULL,NULL\nX,{TIME},3,1,1,NULL\n"
        )
    values = {"id": 1, "amount": 7, "price": Decimal("1.50"), "day": None}
    lake.put("columnar/LOAD00000001.parquet", [{"ts": TIME, **values}])
    lake.build()
    before = rows(lake, "rej_shop__good")
    assert lake.current("good", "id", "amount") == [{"id": 1, "amount": 7}]

    lake.register(tables(wide=True))
    for name in set(tables(wide=True)) - {"good"}:
        (lake.project / f"models/history/hst_shop__{name}.sql").unlink()
    for name in ("good", "misfit", "texts", "keys"):
        late = "U,2024-01-01 00:00:00.000000,2,9,9.0000,NULL\n"
        lake.put(
            f"{name}/20240103-030405123.csv", f"U,{TIME},4,5000000000,12345678.1234,NULL\n{late}"
        )
    lake.put("columnar/20240103-030405123.parquet", [{"Op": "U", "ts": TIME, **values, "id": 5}])
    outcome = lake.dbt("build")
    for name, reason in {
        "misfit": "integer and declared as bigint; some texts did not fit and left null",
        "texts": "integer and declared as varchar; its files may write a value otherwise",
        "keys": "integer and declared as bigint; rows whose key did not fit were rejected",
    }.items():
        assert f"of `shop.{name}` is stored as {reason}" in outcome.text
        assert f"Run `dbt run --full-refresh --select lat_shop__{name}`" in outcome.text
    kept = {
        name: rows(lake, name)
        for name in ("lat_shop__good", "hst_shop__good", "rej_shop__good", "lat_shop__columnar")
    }
    assert kept["rej_shop__good"] == before
    # The late, older change of the deleted key does not bring it back.
    assert [row["id"] for row in lake.current("good", "id")] == [1, 4]
    assert [row["amount"] for row in lake.current("columnar", "amount")] == ["7", "7"]
    lake.build("--full-refresh")
    assert kept == {name: rows(lake, name) for name in kept}
    [grown] = [row for row in lake.current("misfit") if row["id"] == 1]
    assert grown["amount"] == 3000000000

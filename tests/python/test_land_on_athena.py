"""What `lake land` brings in, as Athena (Trino on this machine) reads it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from athena_fixture import AthenaPlace
from lake.land import raw_tables
from lake_on_moto import MotoLake, Place
from lakehouse import Table

pytestmark = pytest.mark.long

LOAD = "LOAD00000001"
TABLES = {
    "orders": Table(
        {
            "Id": "bigint",
            "amount": "decimal(12,2)",
            "at": "timestamp",
            "day": "date",
            "rate": "double",
            "note": "varchar",
        },
        {
            "envelope": "s3_parquet",
            "key": ["Id"],
            "timestamp_column": "ts",
            "before_image_prefix": "BI_",
            "landing": "in_place",
        },
    ),
    "texts": Table({"id": "integer", "name": "varchar"}, {"envelope": "s3_csv", "key": ["id"]}),
    "bytes": Table(
        {"id": "integer", "raw bytes": "binary"},
        {"envelope": "s3_parquet", "key": ["id"], "change_seq_column": "seq"},
    ),
    "by_place": Table(
        {"id": "smallint", "at": "timestamp"}, {"envelope": "s3_parquet", "key": ["id"]}
    ),
}
MICROS = pa.array([1704070923190701, None], pa.timestamp("us"))


def orders_load() -> pa.Table:
    return pa.table(
        {
            "ID": pa.array([1, 2], pa.int32()),
            "amount": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "at": MICROS,
            "Day": pa.array([19723, None], pa.date32()),
            "rate": pa.array([0.5, None], pa.float32()),
            "note": ["a", None],
            "ts": ["2024-01-01 00:00:00.000000"] * 2,
        }
    )


def orders_change(at: Any, **more: Any) -> pa.Table:
    return pa.table(
        {
            "Op": ["U"],
            "Id": pa.array([1], pa.int64()),
            "at": at,
            "ts": ["2024-01-02 00:00:00.000000"],
            "BI_Id": pa.array([9], pa.int64()),
            **more,
        }
    )


def test_athena_reads_what_was_landed(athena: AthenaPlace, tmp_path: Path) -> None:
    bucket, folder = athena.prefix.removeprefix("s3://").rstrip("/").split("/", 1)
    # Named as written after the load, so that it is complete at once.
    now = datetime.now(UTC)
    first, second = (f"{now + timedelta(minutes=n):%Y%m%d-%H%M%S}000" for n in (10, 11))
    place = Place(bucket, f"{folder}/dms", f"{folder}/tables", athena.database, athena.database)
    shop = MotoLake(tmp_path, TABLES, place)
    for table in shop.described():
        raw_tables.register(shop.aws, table)
    moment = MICROS.slice(0, 1)
    shop.deliver("orders", f"{LOAD}.parquet", orders_load())
    shop.deliver(
        "orders", f"{first}.parquet", orders_change(moment.cast(pa.timestamp("us", "UTC")))
    )
    millis = moment.cast(pa.timestamp("ms"), safe=False)
    shop.deliver("orders", f"{second}.parquet", orders_change(millis, undeclared=[5]))
    shop.deliver("texts", f"{LOAD}.csv", '1,a\n2,"b\nc"\n3,NULL\n')
    by_place = pa.table({"Op": ["I", "U"], "id": pa.array([7, 7], pa.int64()), "at": MICROS})
    shop.deliver("by_place", f"{first}.parquet", by_place)
    raw_bytes = pa.table({"id": pa.array([1], pa.int32()), "raw bytes": [b"\x00\xff"]})
    shop.deliver("bytes", f"{LOAD}.parquet", raw_bytes)
    assert not shop.land_all().failed

    root = f"{athena.prefix}dms"
    rows = athena.sql(
        "select id, amount, cast(at as varchar) as at, cast(day as varchar) as day, rate, note, "
        'op, ts, bi_id, "$path" as path from orders order by ts, id'
    )
    load = {"ts": "2024-01-01 00:00:00.000000", "op": None, "bi_id": None}
    load["path"] = f"{root}/orders/{LOAD}.parquet"
    assert rows[0] == {
        "id": "1",
        "amount": "1.50",
        "at": "2024-01-01 01:02:03.190701",
        "day": "2024-01-01",
        "rate": "0.5",
        "note": "a",
        **load,
    }
    nulls = dict.fromkeys(("amount", "at", "day", "rate", "note"))
    assert rows[1] == {"id": "2", **nulls, **load}
    found = athena.sql(
        "select cast(at as varchar) as at, amount, bi_id from orders where "
        f"\"$path\" in ('{root}/orders/{first}.parquet', '{root}/orders/{second}.parquet') order by \"$path\""
    )
    assert found == [
        {"at": "2024-01-01 01:02:03.190701", "amount": None, "bi_id": "9"},
        {"at": "2024-01-01 01:02:03.190000", "amount": None, "bi_id": "9"},
    ]
    assert athena.sql(
        "select id, name, _raw_file_row_number as n, _raw_fields from texts "
        f"where _raw_file_path = '{root}/texts/{LOAD}.csv' order by n"
    ) == [
        {"id": "1", "name": "a", "n": "1", "_raw_fields": '["1","a"]'},
        {"id": "2", "name": "b\nc", "n": "2", "_raw_fields": '["2","b\\nc"]'},
        {"id": "3", "name": None, "n": "3", "_raw_fields": '["3","NULL"]'},
    ]
    assert athena.sql(
        "select id, cast(at as varchar) as at, _raw_file_row_number as n from by_place order by n"
    ) == [
        {"id": "7", "at": "2024-01-01 01:02:03.190701", "n": "1"},
        {"id": "7", "at": None, "n": "2"},
    ]
    assert athena.sql(
        "select source_table, count(*) as files, min(status) as status from dms_lake_files group by 1 order by 1"
    ) == [
        {"source_table": f"shop.{name}", "files": count, "status": "readable"}
        for name, count in (("by_place", "1"), ("bytes", "1"), ("orders", "3"), ("texts", "1"))
    ]

    assert athena.sql('select id, to_hex("raw bytes") as bytes, seq from bytes') == [
        {"id": "1", "bytes": "00FF", "seq": None}
    ]

    # What dbt then makes of it: the ledger that was landed is the one that models read by.
    shop.build()
    assert athena.sql("select id, cast(at as varchar) as at from cur_shop__orders order by id") == [
        {"id": "1", "at": "2024-01-01 01:02:03.190000"},
        {"id": "2", "at": None},
    ]
    assert [row["name"] for row in athena.sql("select name from cur_shop__texts order by id")] == [
        "a",
        "b\nc",
        None,
    ]

    # Bytes stay bytes, and are hex digits wherever a row becomes text.
    texts = hashlib.md5(b"1\x1f00FF", usedforsecurity=False).hexdigest()
    assert athena.sql(
        'select to_hex("raw bytes") as bytes, _cdc_row_hash as hash, _cdc_raw_text as text from chg_shop__bytes'
    ) == [
        {
            "bytes": "00FF",
            "hash": texts,
            "text": '{"id": "1", "raw bytes": "00FF"}',
        }
    ]

    # The reload in place, with other bytes under the same name.
    shop.deliver("orders", f"{LOAD}.parquet", orders_load().slice(1))
    shop.deliver("texts", f"{LOAD}.csv", "4,d\n")
    landed = shop.land_all("orders", "texts")
    assert not landed.failed
    assert [(item.replaced, item.held) for item in landed.landings] == [(1, 0), (1, 1)]
    # New bytes have a path of their own, for readers keep what they know of a path.
    path = next(
        row["path"]
        for row in shop.ledger("files", "orders")
        if row["file"] == f"{LOAD}.parquet" and row["status"] == "readable"
    )
    assert path.endswith(f"/{LOAD}.parquet")
    where = f"\"$path\" = '{path}'"
    assert athena.sql(f"select id from orders where {where}") == [{"id": "2"}]
    assert athena.sql("select count(*) as n from orders") == [{"n": "3"}]
    assert athena.sql("select id from texts") == [{"id": "4"}]
    shop.build()
    assert athena.sql("select id from cur_shop__orders") == [{"id": "2"}]
    # Held back until the load is complete: nothing of it yet, and nothing of the old one lost.
    assert athena.sql("select count(*) as n from cur_shop__texts") == [{"n": "3"}]
    for name in TABLES:
        shop.aws.catalog().drop_table((athena.database, name))
    for name in ("files", "generations", "columns"):
        shop.aws.catalog().drop_table((athena.database, f"dms_lake_{name}"))

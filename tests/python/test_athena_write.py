"""What dbt writes on Athena: the rows of DuckDB and of the oracle, in one commit, with nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse, Table
from oracle.batch import Batch, logs_of

pytestmark = pytest.mark.long
BATCH = int(os.environ.get("DMS_LAKE_ATHENA_BATCH", "5"))
LOGS = int(os.environ.get("DMS_LAKE_ATHENA_LOGS", "8"))

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
    """A handful of the random logs of test_oracle.py (CSV, Parquet and JSON records), through `lake land`.

    A night's worth of others: `DMS_LAKE_ATHENA_LOGS=60 DMS_LAKE_ATHENA_BATCH=<batch> pytest ...`.
    """
    logs = logs_of(BATCH, LOGS)
    batch = Batch(tmp_path, logs, 2, lambda home: AthenaLakehouse(home, athena, {}))
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


def test_a_merge_names_the_least_and_greatest_key_of_its_batch(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    """Typed literals: of moved keys the old ones too, of rows that a newer load outlives, and of what cannot be placed."""
    columns = {"id": "bigint", "day": "date", "code": "varchar"}
    tables = {
        "numbers": Table(columns, {"key": ["id"]}),
        "days": Table(columns, {"key": ["day", "id"]}),
        "codes": Table(columns, {"key": ["code"]}),
    }
    source = {"envelope": "s3_csv", "change_seq_column": "seq", "before_image_prefix": "BI_"}
    lake = AthenaLakehouse(tmp_path, athena, tables, source | {"header": True})
    lake.break_macro("write/_key_bounds.sql", "return(64000000)", "return(0)")
    least = -9223372036854775808
    rounds = [
        (
            "LOAD00000001.csv",
            f"id,day,code\n{least},2024-01-01,a\n7,2024-01-02,b\n9,2024-01-03,c\n",
        ),
        (
            "20240201-000000000.csv",
            "Op,id,day,code,seq,BI_id,BI_day,BI_code\n"
            f"U,8,2024-01-02,b,{1:035},7,2024-01-02,b\nX,99,2025-01-01,z,{2:035},,,\n",
        ),
    ]
    for name, text in rounds:
        for table in tables:
            lake.put(f"{table}/{name}", text, f"2024-0{1 + ('LOAD' not in name)}-01 00:00:01")
        lake.build("--exclude", "resource_type:test")
    assert [row["id"] for row in lake.current("numbers", "id")] == [least, 8, 9]
    assert merged(athena, "numbers", "stored.\"id\" between bigint '7' and bigint '99'") == 1
    assert merged(athena, "days", "\"day\" between date '2024-01-02' and date '2025-01-01'") == 1
    assert merged(athena, "codes", " between ") == 0
    for table in tables:
        lake.put(
            f"{table}/LOAD00000001.csv", "id,day,code\n7,2024-03-01,g\n", "2024-03-01 00:00:00"
        )
        lake.put(f"{table}/20240302-000000000.csv", rounds[1][1], "2024-03-02 00:00:00")
    lake.build("--exclude", "resource_type:test")
    assert [row["id"] for row in lake.current("numbers", "id")] == [8]
    assert merged(athena, "numbers", f"between bigint '{least}' and bigint '99'") == 1


def merged(athena: AthenaPlace, table: str, text: str) -> int:
    """How many merges into the latest of a table have a text."""
    statements = athena.statements(node=f"model.dms_lake.lat_shop__{table}")
    return sum(s["substatement_type"] == "MERGE" and text in s["sql"] for s in statements)


def test_hundreds_of_unread_files_are_named_by_the_ledger(lake: AthenaLakehouse) -> None:
    """Their paths would not fit into a query; the set is asked of the ledger's own snapshots again."""
    lake.put(
        "orders/LOAD00000001.parquet", load({"id": 1, "note": "loaded"}), "2024-01-01 10:00:00"
    )
    for part in range(2):
        for n in range(120):
            row = {"Op": "U", "id": n % 50, "note": f"{part}-{n}"}
            name = f"orders/202401{2 + part:02}-000000{n:03}.parquet"
            lake.put(name, changes(1000 * part + n, row), f"2024-01-{2 + part:02} 00:00:01")
        lake.build()
        expected = {n % 50: f"{part}-{n}" for n in range(120)}
        assert {row["id"]: row["note"] for row in lake.current("orders", "id", "note")} == expected
        assert lake.sql("select count(*) as n from dms_lake_reads") == [
            {"n": 2 * (121 + 120 * part)}
        ]
    for statement in lake.place.statements("model.dms_lake.lat_shop__orders"):
        assert len(statement["sql"]) < 100_000
    before = lake.sql('select count(*) as n from "lat_shop__orders$snapshots"')
    lake.build()
    assert lake.sql('select count(*) as n from "lat_shop__orders$snapshots"') == before
    lake.operation("read_again", table="shop.orders")
    lake.build("--full-refresh")
    assert {row["id"]: row["note"] for row in lake.current("orders", "id", "note")} == expected


def test_a_run_with_nothing_new_asks_once_and_writes_nothing(lake: AthenaLakehouse) -> None:
    lake.put(
        "orders/LOAD00000001.parquet", load({"id": 1, "note": "loaded"}), "2024-01-01 10:00:00"
    )
    lake.build()
    row = {"Op": "U", "id": 1, "note": "changed"}
    lake.put("orders/20240102-000000001.parquet", changes(1, row), "2024-01-02 00:00:01")
    writing = statements_of(lake)
    assert writing["lat"] == ["SELECT", "MERGE", "SELECT", "INSERT", "INSERT"]
    assert writing["rej"] == ["SELECT", "MERGE", "SELECT", "INSERT", "INSERT"]
    idle = statements_of(lake)
    assert idle["lat"] == idle["rej"] == ["SELECT"]
    assert idle["cur"] == ["CREATE_VIEW"]
    assert set(idle["chg"]) == {"SELECT", "CREATE_VIEW"}


def statements_of(lake: AthenaLakehouse) -> dict[str, list[str]]:
    """The kinds of the statements that each model of the next build sends."""
    before = {room: len(own(lake, room)) for room in ("chg", "lat", "cur", "rej")}
    lake.build()
    return {room: own(lake, room)[count:] for room, count in before.items()}


def own(lake: AthenaLakehouse, room: str) -> list[str]:
    """The kinds of the statements that a model has sent so far."""
    sent = lake.place.statements(f"model.dms_lake.{room}_shop__orders")
    return ["SELECT" if s["substatement_type"] == "WITH" else s["substatement_type"] for s in sent]


def test_columns_come_and_widen_by_metadata_alone(tmp_path: Path, athena: AthenaPlace) -> None:
    old = {"id": "bigint", "size": "integer", "amount": "decimal(6,2)"}
    lake = AthenaLakehouse(tmp_path, athena, {"orders": Table(old, {"key": ["id"]})}, SOURCE)
    first = pa.table(
        {
            "id": pa.array([1, 2]),
            "size": pa.array([10, 20], pa.int32()),
            "amount": pa.array([Decimal("1.25"), None], pa.decimal128(6, 2)),
        }
    )
    lake.put("orders/LOAD00000001.parquet", first, "2024-01-01 10:00:00")
    lake.build()
    folder = lake.sql('select file_path from "lat_shop__orders$files"')

    new = {"id": "bigint", "size": "bigint", "amount": "decimal(12,2)", "Note it": "varchar"}
    lake.register({"orders": Table(new, {"key": ["id"]})}, SOURCE)
    second = pa.table(
        {
            "Op": ["U"],
            "seq": [f"{1:035d}"],
            "id": [2],
            "size": pa.array([2**40], pa.int64()),
            "amount": pa.array([Decimal("1234567890.25")], pa.decimal128(12, 2)),
            "Note it": ["here"],
        }
    )
    lake.put("orders/20240102-000000001.parquet", second, "2024-01-02 00:00:01")
    lake.build()
    rows = lake.sql('select id, size, amount, "Note it" from cur_shop__orders order by id')
    assert [list(row.values()) for row in rows] == [
        [1, 10, Decimal("1.25"), None],
        [2, 2**40, Decimal("1234567890.25"), "here"],
    ]
    assert folder[0] in lake.sql('select file_path from "lat_shop__orders$files"')

    lake.put("orders/20240103-000000001.parquet", second, "2024-01-03 00:00:01")
    lake.land()
    lake.register({"orders": Table({**new, "size": "varchar"}, {"key": ["id"]})}, SOURCE)
    outcome = lake.dbt("run", "--select", "latest")
    assert not outcome.success
    assert (
        "column `size` of `shop.orders` is stored as bigint and declared as string" in outcome.text
    )
    assert "--full-refresh" in outcome.text


def test_what_stands_there_already(lake: AthenaLakehouse) -> None:
    """Another kind of object is named, and only a full refresh replaces it."""
    lake.put(
        "orders/LOAD00000001.parquet", load({"id": 1, "note": "loaded"}), "2024-01-01 10:00:00"
    )
    lake.land()
    lake.place.sql("create view lat_shop__orders as select 1 as a")
    outcome = lake.dbt("run")
    assert "a view named `lat_shop__orders` stands in the schema" in outcome.text
    lake.build("--full-refresh")
    assert living(lake) == [[1, "loaded"]]
    lake.place.sql("drop table rej_shop__orders")
    folder = f"{lake.place.prefix}hive/"
    lake.place.sql(f"create external table rej_shop__orders (a string) location '{folder}'")
    outcome = lake.dbt("run")
    assert "a hive table named `rej_shop__orders` stands in the schema" in outcome.text
    lake.build("--full-refresh")
    assert lake.sql("select * from rej_shop__orders") == []


def test_hooks_descriptions_and_partitions(tmp_path: Path, athena: AthenaPlace) -> None:
    fields = {"key": ["id"], "partition_by": ["truncate(id, 2)", "month(at)"]}
    lake = AthenaLakehouse(tmp_path, athena, {"orders": Table(COLUMNS, fields)}, SOURCE)
    node = {
        "name": "lat_shop__orders",
        "description": "Last changes of orders.",
        "columns": [{"name": "note", "description": "What was noted."}],
        "config": {
            "persist_docs": {"relation": True, "columns": True},
            "pre_hook": "create table before_it with (table_type = 'iceberg', is_external = false, "
            f"location = '{athena.prefix}before_it') as select 1 as a",
            "post_hook": "drop table if exists before_it",
            "grants": {},
            "lf_tags_config": {"enabled": True, "tags": {"domain": "shop"}},
        },
    }
    formation = athena.local.client("lakeformation")
    formation.create_lf_tag(TagKey="domain", TagValues=["shop", "crm"])
    (lake.project / "models" / "more.yml").write_text(yaml.safe_dump({"models": [node]}))
    rows = [{"id": n, "at": dt.datetime(2024, n + 1, 1)} for n in range(5)]
    lake.put("orders/LOAD00000001.parquet", load(*rows), "2024-01-01 10:00:00")
    lake.build()
    change = changes(1, {"Op": "U", "id": 1, "note": "changed"})
    lake.put("orders/20240102-000000001.parquet", change, "2024-01-02 00:00:01")
    for arguments in ([], ["--full-refresh"]):
        lake.build(*arguments)
        glue = athena.local.client("glue")
        table = glue.get_table(DatabaseName=athena.database, Name="lat_shop__orders")["Table"]
        comments = {c["Name"]: c.get("Comment") for c in table["StorageDescriptor"]["Columns"]}
        assert table["Description"] == "Last changes of orders."
        assert comments["note"] == "What was noted."
        resource = {"Table": {"DatabaseName": athena.database, "Name": "lat_shop__orders"}}
        tags = formation.get_resource_lf_tags(Resource=resource)["LFTagsOnTable"]
        assert [(tag["TagKey"], tag["TagValues"]) for tag in tags] == [("domain", ["shop"])]
    assert len(lake.sql('select * from "lat_shop__orders$partitions"')) == 5
    assert not lake.sql("show tables like 'before_it'")


def test_undecided_ties_are_counted_or_refused(tmp_path: Path, athena: AthenaPlace) -> None:
    tables = {
        name: Table(COLUMNS, {"key": ["id"], "undecided_ties": name}) for name in ("warn", "fail")
    }
    lake = AthenaLakehouse(tmp_path, athena, tables, SOURCE)
    tie = {"Op": "U", "seq": f"{7:035d}", "id": 1}
    for name in tables:
        lake.put(
            f"{name}/LOAD00000001.parquet", load({"id": 1, "note": "a"}), "2024-01-01 10:00:00"
        )
    lake.build()
    for name in tables:
        both = changes(1, {**tie, "note": "b"}, {**tie, "note": "c"})
        lake.put(f"{name}/20240102-000000001.parquet", both, "2024-01-02 00:00:01")
    lake.land()
    outcome = lake.dbt("run")
    assert "1 undecided tie(s) in `shop.warn`" in outcome.text
    assert "undecided tie in `shop.fail`, which `undecided_ties: fail` refuses" in outcome.text
    assert [row["note"] for row in lake.sql("select note from lat_shop__fail")] == ["a"]
    assert lake.sql("select undecided_ties from dms_lake_runs where undecided_ties > 0") == [
        {"undecided_ties": 1}
    ]

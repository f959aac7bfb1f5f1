"""Every envelope beside DMS's own S3 files: what goes in, and the current rows that must come out."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lakehouse import Lakehouse, Row, Table

pytestmark = pytest.mark.long


def record(operation: str, data: Row, table: str = "RACE_ENTRY", **metadata: Any) -> Row:
    """A record as DMS puts it on a stream."""
    facts = {
        "timestamp": "2020-02-26T00:20:07.482592Z",
        "record-type": "data",
        "operation": operation,
        "partition-key-type": "schema-table",
        "schema-name": "SH",
        "table-name": table,
    }
    return {"data": data, "metadata": facts | metadata}


def entry(code: int, horse: int | None, **more: Any) -> Row:
    """The columns of a race entry."""
    return {
        "RACE_ENTRY_CODE": code,
        "HORSE_CODE": horse,
        "MEET_DATE": "2020-02-21T19:20:04Z",
    } | more


def committed(second: int, number: int = 1) -> Row:
    """The transaction details of a change."""
    return {
        "commit-timestamp": f"2020-02-26T00:21:{second:02}.000000Z",
        "transaction-id": 917505,
        "transaction-record-id": number,
    }


STREAM = {"envelope": "dms_json", "source_schema": "SH"}
RACES = {
    "RACE_ENTRY_CODE": "bigint",
    "HORSE_CODE": "bigint",
    "MEET_DATE": "timestamp",
    "FEE": "decimal(20,4)",
}
PURCHASES = {
    "customerid": "varchar",
    "orderid": "varchar",
    "productid": "varchar",
    "quantity": "integer",
}


def event(kind: str, table: str = "purchase_temp", **row: Any) -> str:
    """A row event of the binlog, as a line."""
    return json.dumps({"schema": "test", "table": table, "type": kind, "row": row}) + "\n"


def purchase(product: str, quantity: int, order: str = "A1") -> Row:
    return {"orderid": order, "quantity": quantity, "customerid": "C1", "productid": product}


TABLES = {
    "RACE_ENTRY": Table(RACES, STREAM | {"key": ["RACE_ENTRY_CODE"], "folder": "stream"}),
    "HORSE": Table(
        {"HORSE_CODE": "bigint", "NAME": "varchar"},
        STREAM | {"key": ["HORSE_CODE"], "folder": "stream"},
    ),
    "converted": Table(
        {"ID": "bigint", "NAME": "varchar", "PRICE": "decimal(12,2)"},
        {"envelope": "dms_json", "file_format": "parquet", "key": ["ID"]},
    ),
    "purchase_temp": Table(
        PURCHASES, {"envelope": "binlog_json", "key": ["customerid", "orderid", "productid"]}
    ),
    "students": Table(
        {"id": "bigint", "name": "varchar"},
        {
            "envelope": "snapshot",
            "key": ["id"],
            "folder": "{snapshot}/sis/students",
            "header": True,
        },
    ),
    "courses": Table(
        {"id": "bigint", "title": "varchar"},
        {"envelope": "snapshot", "file_format": "parquet", "key": ["id"]},
    ),
    "grades": Table(
        {"id": "bigint", "points": "integer"},
        {"envelope": "snapshot", "key": ["id"], "delimiter": "\t", "compression": "auto"},
    ),
    "clicks": Table(
        {"id": "varchar", "page": "varchar", "at": "timestamp"},
        {"envelope": "append_json", "key": ["id"]},
    ),
    "sales": Table(
        {
            "ItemID": "integer",
            "Category": "varchar",
            "Price": "double",
            "OrderDate": "timestamp",
        },
        {"envelope": "append_csv", "key": []},
    ),
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lakehouse:
    return played(Lakehouse(tmp_path_factory.mktemp("envelopes"), TABLES))


def played(lakehouse: Lakehouse) -> Lakehouse:
    """One lake with a table of each envelope, built twice."""
    deliver_first(lakehouse)
    lakehouse.build()
    deliver_second(lakehouse)
    lakehouse.build()
    return lakehouse


def deliver_first(lake: Lakehouse) -> None:
    import gzip

    loads = [record("load", entry(1, 10, FEE=12345678901234.5678)), record("load", entry(2, 20))]
    control = {
        "control": {"table-def": {}},
        "metadata": {"record-type": "control", "operation": "create-table"},
    }
    horse = record("load", {"HORSE_CODE": 5042811, "NAME": 'a }{ "b'}, "HORSE")
    # back to back, without a line break
    text = "".join(json.dumps(each) for each in [control, *loads, horse])
    text = text.replace("12345678901234.568", "12345678901234.5678")
    lake.put("stream/2020/02/26/00/races-1-2020-02-26-00-20-10-aaaa", text)
    # pretty-printed
    pretty = "\n".join(json.dumps(record("load", entry(n, n * 10)), indent=2) for n in (3, 4))
    lake.put("stream/2020/02/26/00/races-1-2020-02-26-00-20-11-bbbb", pretty)
    struct = [
        {
            "data": {"id": n, "name": f"n{n}", "price": Decimal(f"{n}.50")},
            "metadata": {
                "record_type": "data",
                "operation": "load",
                "table_name": "converted",
                "timestamp": "2020-02-26T00:20:07Z",
            },
        }
        for n in (1, 2)
    ]
    lake.put("converted/2020/02/26/00/c-1-2020-02-26-00-20-10-aaaa.parquet", struct)
    lake.put("purchase_temp/purchase.part_00000.csv", "C1,A1,p1,100\nC1,A1,p2,5\nC2,B1,p1,1\n")
    lake.put("2024-01-01/sis/students/part-1.csv", "id,name\n1,Ann\n2,Bob\n", "2024-01-01 05:00:00")
    lake.put("2024-01-01/sis/students/part-2.csv", "id,name\n3,Cid\n", "2024-01-01 05:00:00")
    lake.put(
        "courses/2024/01/01/a.parquet",
        [{"id": 1, "title": "x"}, {"id": 2, "title": "y"}],
        "2024-01-01 05:00:00",
    )
    lake.put("grades/20240101/g.txt.gz", gzip.compress(b"1\t10\n2\t20\n"), "2024-01-01 05:00:00")
    lake.put(
        "clicks/2024/01/01/00/clicks-1-2024-01-01-00-00-00-u",
        '{"id": "a", "page": "/", "at": 1704067200000}\n{"id": "b", "page": "/x", "at": "2024-01-01T00:00:01.5Z"}\nbroken\n',
    )
    lake.put(
        "sales/2024/01/01/00/s-1-2024-01-01-00-00-00-u",
        "1,Toys,2.5,2024-01-01 10:00:00\n1,Toys,2.5,2024-01-01 10:00:00\n",
    )


def deliver_second(lake: Lakehouse) -> None:
    changes = [
        record("update", entry(1, 11), **committed(2)),
        record("delete", entry(2, None), **committed(1)),
        record("insert", entry(5, 50), **committed(3, 1)),
        record("update", entry(5, 51), **committed(3, 2)),
        record("update", entry(30, 30), **committed(4)) | {"before-image": {"RACE_ENTRY_CODE": 3}},
        record("update", entry(4, None), **committed(5)) | {"before-image": {}},
    ]
    lines = "".join(json.dumps(each) + "\n" for each in reversed(changes))
    lake.put(
        "stream/2020/02/26/01/races-1-2020-02-26-01-00-00-cccc", lines + lines + '{"data": {"x"\n'
    )
    struct = pa.Table.from_pylist(
        [
            {
                "data": {"id": 1, "name": None, "price": None},
                "metadata": {
                    "record_type": "data",
                    "operation": "delete",
                    "table_name": "converted",
                    "commit_timestamp": "2020-02-26T01:00:00Z",
                },
            },
            {
                "data": {"id": 2, "name": "new", "price": Decimal("7.25")},
                "metadata": {
                    "record_type": "data",
                    "operation": "update",
                    "table_name": "converted",
                    "commit_timestamp": "2020-02-26T01:00:01Z",
                },
            },
            {
                "data": {"id": None, "name": "who", "price": None},
                "metadata": {
                    "record_type": "data",
                    "operation": "insert",
                    "table_name": "converted",
                    "commit_timestamp": "2020-02-26T01:00:02Z",
                },
            },
        ]
    )
    lake.put("converted/2020/02/26/01/c-1-2020-02-26-01-00-00-bbbb.parquet", struct)
    lake.put(
        "purchase_temp/events-000001.json",
        event("WriteRowsEvent", values=purchase("p3", 7))
        + event(
            "UpdateRowsEvent", before_values=purchase("p1", 100), after_values=purchase("p1", 99)
        )
        + event(
            "UpdateRowsEvent", before_values=purchase("p2", 5), after_values=purchase("p2", 5, "A2")
        )
        + event("DeleteRowsEvent", values=purchase("p3", 7))
        + event("WriteRowsEvent", table="another", values=purchase("p9", 1)),
    )
    lake.put(
        "2024-01-02/sis/students/part-1.csv",
        "id,name\n1,Ann\n3,Cyd\n4,Dan\n",
        "2024-01-02 05:00:00",
    )
    lake.put("courses/2024/01/02/a.parquet", [{"id": 2, "title": "z"}], "2024-01-02 05:00:00")
    # begun a moment ago, so not known to be complete
    lake.put("grades/20240102/g.txt", "1\t11\n")
    lake.put(
        "clicks/2024/01/01/01/clicks-1-2024-01-01-01-00-00-u",
        '{"id": "a", "page": "/again", "at": null}\n',
    )
    lake.put("sales/2024/01/01/01/s-1-2024-01-01-01-00-00-u", "2,Books,9,2024-01-01 11:00:00\n")


def living(lake: Lakehouse, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in lake.current(table)]


def test_stream(lake: Lakehouse) -> None:
    meet = dt.datetime(2020, 2, 21, 19, 20, 4)
    assert living(lake, "RACE_ENTRY") == [
        (1, 11, meet, None), (30, 30, meet, None), (4, None, meet, None), (5, 51, meet, None)
    ]  # fmt: skip
    assert living(lake, "HORSE") == [(5042811, 'a }{ "b')]


def test_stream_keeps_every_digit_and_where_a_record_came_from(lake: Lakehouse) -> None:
    (row,) = lake.sql(
        'select fee as "fee", _cdc_file_row_number, _cdc_source_schema, _cdc_committed_at, _cdc_emitted_at'
        " from chg_shop__RACE_ENTRY where _cdc_operation = 'load' and RACE_ENTRY_CODE = 1"
    )
    assert row["fee"] == Decimal("12345678901234.5678")
    assert (row["_cdc_file_row_number"], row["_cdc_source_schema"], row["_cdc_committed_at"]) == (
        2,
        "SH",
        None,
    )
    assert row["_cdc_emitted_at"] == dt.datetime(2020, 2, 26, 0, 20, 7, 482592)
    rejected = lake.sql(
        "select _cdc_raw_text, _cdc_reject_reason, _cdc_file_row_number from rej_shop__RACE_ENTRY"
    )
    assert [tuple(row.values()) for row in rejected] == [
        ('{"data": {"x"', "not a record of DMS: it has no metadata.record-type", 13)
    ]


def test_converted_stream(lake: Lakehouse) -> None:
    assert living(lake, "converted") == [(2, "new", Decimal("7.25"))]
    rejected = lake.sql(
        "select _cdc_raw_text, _cdc_reject_reason, _cdc_file_row_number from rej_shop__converted"
    )
    assert [tuple(row.values()) for row in rejected] == [
        (
            '{"data":{"id":null,"name":"who","price":null},"metadata":{"record_type":"data",'
            '"operation":"insert","table_name":"converted","commit_timestamp":"2020-02-26T01:00:02Z"}}',
            "null key: ID",
            3,
        )
    ]


def test_binlog(lake: Lakehouse) -> None:
    assert living(lake, "purchase_temp") == [
        ("C1", "A1", "p1", 99), ("C1", "A2", "p2", 5), ("C2", "B1", "p1", 1)
    ]  # fmt: skip


def test_snapshots(lake: Lakehouse) -> None:
    assert living(lake, "students") == [(1, "Ann"), (3, "Cyd"), (4, "Dan")]
    assert living(lake, "courses") == [(2, "z")]
    # the second day is held back
    assert living(lake, "grades") == [(1, 10), (2, 20)]
    held = lake.sql(
        "select status from dms_lake_files where source_table = 'shop.grades' order by file"
    )
    assert [row["status"] for row in held] == ["readable", "held"]


def test_append(lake: Lakehouse) -> None:
    assert living(lake, "clicks") == [
        ("a", "/again", None),
        ("b", "/x", dt.datetime(2024, 1, 1, 0, 0, 1, 500000)),
    ]
    (rejected,) = lake.sql("select * from rej_shop__clicks")
    assert (rejected["_cdc_reject_reason"], rejected["_cdc_raw_text"]) == (
        "not a JSON object",
        "broken",
    )
    assert len(living(lake, "sales")) == 3


# A row that a snapshot repeats keeps the day that brought it; a full refresh knows the newest day's place alone.
OF_THE_DAY = {
    *("_cdc_processed_at", "_cdc_generation", "_cdc_emitted_at"),
    *("_cdc_file_path", "_cdc_file_row_number"),
}


def test_a_full_refresh_gives_the_same_rows(lake: Lakehouse) -> None:
    def rows() -> dict[str, list[str]]:
        stored = {name: lake.sql(f'select * from "lat_shop__{name}"') for name in TABLES}
        left_out = {
            name: OF_THE_DAY if table.fields["envelope"] == "snapshot" else {"_cdc_processed_at"}
            for name, table in TABLES.items()
        }
        return {
            name: sorted(
                str([value for column, value in row.items() if column not in left_out[name]])
                for row in found
            )
            for name, found in stored.items()
        }

    before = rows()
    lake.build("--full-refresh")
    assert rows() == before

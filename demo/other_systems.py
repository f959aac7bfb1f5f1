"""The files of the demo's systems beside retail and shop, by their path below demo/rounds.

Published samples stand as they were published; what the rounds add to them is told where it stands.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Files = dict[str, bytes]
Record = dict[str, Any]


def other_systems() -> Files:
    """Every file, with the round as first part of its path."""
    return {
        **school(),
        **learning(),
        **racing(),
        **storefront(),
        **sales(),
        **purchases(),
    }


def zipped(text: str) -> bytes:
    """The text as gzip, the same bytes every time."""
    return gzip.compress(text.encode(), mtime=0)


# --- school: DMS loads every table in full, every day, below a folder of the day.

STUDENTS = {
    "1/school/2024-01-08": "101,Ada,7\n102,Ben,7\n103,Cleo,8\n",
    "1/school/2024-01-09": "101,Ada,7\n102,Ben,8\n103,Cleo,8\n104,Dan,7\n",
    # 103 has left: no file says so but by its absence.
    "2/school/2024-01-10": "101,Ada,7\n102,Benjamin,8\n104,Dan,7\n105,Eve,8\n",
}
ENROLLMENTS = {
    "1/school/2024-01-08": ["101,MATH,2024-01-08\n102,MATH,2024-01-08\n", "103,ART,2024-01-08\n"],
    "1/school/2024-01-09": [
        "101,MATH,2024-01-08\n102,MATH,2024-01-08\n",
        "103,ART,2024-01-08\n104,ART,2024-01-09\n",
    ],
    # One row in both files of the load, and one without a student.
    "2/school/2024-01-10": [
        "101,MATH,2024-01-08\n102,MATH,2024-01-08\n104,ART,2024-01-09\n",
        "104,ART,2024-01-09\nNULL,ART,2024-01-10\n105,MATH,2024-01-10\n",
    ],
}


def school() -> Files:
    """Three days of two tables as CSV with a header line."""
    files = {
        f"{day}/sis/students/LOAD00000001.csv": "student_id,first_name,grade\n" + rows
        for day, rows in STUDENTS.items()
    }
    for day, parts in ENROLLMENTS.items():
        for number, rows in enumerate(parts, start=1):
            name = f"{day}/sis/enrollments/LOAD{number:08X}.csv"
            files[name] = "student_id,course,enrolled_on\n" + rows
    return {name: text.encode() for name, text in files.items()}


SCORES = {
    "1/learning/scores/2024-01-08": [
        "1\t101\tQuiz 1\t9.5\n2\t102\tQuiz 1\t7.0\n",
        "3\t103\tPoster\t\\N\n",
    ],
    "2/learning/scores/2024-01-09": [
        "1\t101\tQuiz 1\t9.5\n2\t102\tQuiz 1\t8.0\n",
        "3\t103\tPoster\t10.0\n4\t104\tPoster\t6.5\n",
    ],
}


def learning() -> Files:
    """Two nightly dumps, tab separated, several files each; the columns' names are not in them."""
    return {
        f"{day}/scores-{number:05}.gz": zipped(rows)
        for day, parts in SCORES.items()
        for number, rows in enumerate(parts)
    }


# --- racing: one stream of many tables, and the same stream converted to Parquet.

RACE_ENTRY: Record = {
    "MEET_CODE": 5189459,
    "MEET_DATE": "2020-02-21T19:20:04Z",
    "RACE_CODE": 5189459,
    "LAST_MODIFIED_DATE": "2020-02-24T19:20:04Z",
    "RACE_ENTRY_CODE": 11671651,
    "HORSE_CODE": 5042811,
}


def record(operation: str, table: str, data: Record, **details: Any) -> Record:
    """One record as DMS puts it on the stream."""
    metadata = {
        "timestamp": "2020-02-26T00:20:07.482592Z",
        "record-type": "data",
        "operation": operation,
        "partition-key-type": "schema-table",
        "schema-name": "SH",
        "table-name": table,
        "transaction-id": 917505,
    }
    return {"data": data, "metadata": metadata | details}


def entry(code: int, horse: int) -> Record:
    """Another entry of the published race."""
    return RACE_ENTRY | {"RACE_ENTRY_CODE": code, "HORSE_CODE": horse}


def committed(second: int, transaction: int, number: int) -> Record:
    """What IncludeTransactionDetails adds to a change."""
    return {
        "timestamp": f"2020-02-26T01:20:{second:02}.700000Z",
        "commit-timestamp": f"2020-02-26T01:20:{second:02}.000000Z",
        "transaction-id": transaction,
        "transaction-record-id": number,
    }


CONTROL: Record = {
    "control": {"table-def": {"columns": {"RACE_ENTRY_CODE": {"type": "INT64"}}}},
    "metadata": {
        "timestamp": "2020-02-26T00:20:06.100000Z",
        "record-type": "control",
        "operation": "create-table",
        "partition-key-type": "task-id",
        "schema-name": "SH",
        "table-name": "RACE_ENTRY",
    },
}
ENTRY_LOADS = [
    record("load", "RACE_ENTRY", RACE_ENTRY),
    record("load", "RACE_ENTRY", entry(11671652, 5042812)),
    record("load", "RACE_ENTRY", entry(11671653, 5042813)),
]
HORSE_LOADS = [
    record("load", "HORSE", {"HORSE_CODE": 5042811, "NAME": "Silver {Lining}"}),
    record("load", "HORSE", {"HORSE_CODE": 5042812, "NAME": "Quick Step"}),
]
ENTRY_CHANGES = [
    record("update", "RACE_ENTRY", entry(11671652, 5042814), **committed(1, 917601, 1)),
    record("delete", "RACE_ENTRY", entry(11671653, 5042813), **committed(2, 917602, 1)),
    record("insert", "RACE_ENTRY", entry(11671654, 5042812), **committed(2, 917602, 2)),
]
HORSE_CHANGES = [
    record("insert", "HORSE", {"HORSE_CODE": 5042814, "NAME": "Late Call"}, **committed(1, 917601, 2)),
]  # fmt: skip


def back_to_back(records: Iterable[Record]) -> bytes:
    """Records without anything between them, as Firehose writes what it was given."""
    return "".join(map(json.dumps, records)).encode()


def converted(records: list[Record]) -> bytes:
    """The same records as Firehose's conversion leaves them: two structs, small letters, no dashes."""
    rows = [
        {
            "data": {name.lower(): value for name, value in each["data"].items()},
            "metadata": {
                name.replace("-", "_"): each["metadata"].get(name)
                for name in (*ENTRY_CHANGES[0]["metadata"],)
            },
        }
        for each in records
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer, compression="NONE", store_schema=False)
    return buffer.getvalue()


def racing() -> Files:
    """A load, then changes; the file of changes is delivered again under a later name."""
    changes = back_to_back([ENTRY_CHANGES[0], *HORSE_CHANGES, *ENTRY_CHANGES[1:]])
    first, second = (
        "2020/02/26/00/races-1-2020-02-26-00-20-10",
        "2020/02/26/01/races-1-2020-02-26-01-20",
    )
    return {
        f"1/racing/stream/{first}-6f1c": back_to_back([CONTROL, *ENTRY_LOADS, *HORSE_LOADS]),
        f"1/racing/converted/{first}-6f1c.parquet": converted(ENTRY_LOADS),
        f"2/racing/stream/{second}-12-93ab": changes,
        f"2/racing/stream/{second}-44-c07d": changes,
        f"2/racing/converted/{second}-12-93ab.parquet": converted(ENTRY_CHANGES),
    }


# --- storefront: a table by DMS, and the shop's own click events.


def storefront() -> Files:
    """Orders whose updates come days later, one of them behind a newer one; a click sent twice."""
    table, clicks = "storefront/public/orders", "storefront/public/clicks/2024/03"
    header, ts = "order_id,status,total\n", "dms_ts,"
    return {
        f"1/{table}/LOAD00000001.csv.gz": zipped(
            ts + header
            + "2024-03-01 09:00:00.000000,7001,placed,25.00\n"
            + "2024-03-01 09:00:00.000000,7002,placed,40.50\n"
        ),
        f"2/{table}/20240304-101500111.csv.gz": zipped(
            "Op," + ts + header
            + "I,2024-03-04 10:14:00.000000,7003,placed,12.00\n"
            + "U,2024-03-04 10:14:30.000000,7001,delivered,25.00\n"
        ),
        # Committed two days before the update that the file above holds.
        f"2/{table}/20240304-101600222.csv.gz": zipped(
            "Op," + ts + header + "U,2024-03-02 08:00:00.000000,7001,shipped,25.00\n"
        ),
        f"1/{clicks}/01/10/clicks-1-2024-03-01-10-00-00-a1": json_lines(
            {"click_id": "c1", "page": "/", "clicked_at": "2024-03-01T10:00:01.5Z"},
            {"click_id": "c2", "page": "/chairs", "clicked_at": "2024-03-01T10:00:09Z"},
        ),
        f"2/{clicks}/04/10/clicks-1-2024-03-04-10-00-00-b2": json_lines(
            {"click_id": "c2", "page": "/chairs", "clicked_at": "2024-03-01T10:00:09Z"},
            {"click_id": "c3", "page": "/lamps", "clicked_at": "2024-03-04T10:00:02Z"},
            {"click_id": "c3", "page": "/lamps", "clicked_at": "2024-03-04T10:00:02Z"},
        ),
    }  # fmt: skip


def json_lines(*rows: Record) -> bytes:
    """One object a line."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


# --- sales: events by Firehose as CSV, without a header line.


def sales() -> Files:
    """Six sales, two of them alike, one at midnight."""
    folder = "sales/sales_event/2024"
    return {
        f"1/{folder}/01/15/10/sales-1-2024-01-15-10-00-00-a1": (
            b"11,Toys,2.5,4,2024-01-15 09:58:11,NY,Standard,Search\n"
            b"11,Toys,2.5,4,2024-01-15 09:58:11,NY,Standard,Search\n"
            b'12,"Home, Garden",49.9,1,2024-01-15 00:00:00,CA,Express,Mail\n'
        ),
        f"2/{folder}/07/06/18/sales-1-2024-07-06-18-00-00-b2": (
            b"13,Books,12.25,2,2024-07-06 17:31:00,IL,Standard,Search\n"
            b"11,Toys,2.5,10,2024-07-06 17:45:30,TX,Express,Friend\n"
            b"14,Music,8,3,2024-04-01 23:59:59,NY,Standard,Mail\n"
        ),
    }


# --- purchases: a dump, and the row events of the binlog since the dump began.


def purchase(order: str, quantity: int, customer: str, product: str) -> Record:
    """A row of test.purchase_temp."""
    return {
        "orderid": f"orderid{order}",
        "quantity": quantity,
        "customerid": f"customerid{customer}",
        "productid": f"productid{product}",
    }


SAMPLE = purchase("A1", 100, "A74187", "1")
DUMP = [
    SAMPLE,
    purchase("A1", 20, "A74187", "2"),
    purchase("A2", 5, "A74187", "1"),
    purchase("B1", 7, "B10002", "3"),
    purchase("B1", 1, "B10002", "4"),
]


def event(kind: str, after: Record, before: Record | None = None) -> Record:
    """One row event as a reader of the binlog writes it."""
    row = {"before_values": before, "after_values": after} if before else {"values": after}
    return {"schema": "test", "table": "purchase_temp", "type": kind, "row": row}


EVENTS = [
    # These three raced the dump: it holds the update already, has this insert, and lacks this row.
    event("UpdateRowsEvent", DUMP[1], DUMP[1] | {"quantity": 19}),
    event("WriteRowsEvent", DUMP[4]),
    event("DeleteRowsEvent", purchase("B1", 2, "B10002", "9")),
    # And these came after it.
    event("WriteRowsEvent", purchase("C1", 3, "C10003", "1")),
    event("UpdateRowsEvent", SAMPLE | {"quantity": 90}, SAMPLE),
    event("UpdateRowsEvent", purchase("A3", 5, "A74187", "1"), DUMP[2]),
    event("DeleteRowsEvent", DUMP[3]),
    event("WriteRowsEvent", purchase("C1", 8, "C10003", "2")),
    event("DeleteRowsEvent", purchase("C1", 8, "C10003", "2")),
]


def purchases() -> Files:
    """The dump, then everything that happened since it began."""
    folder = "purchases/purchase_temp"
    dump = "".join(",".join(map(str, row.values())) + "\n" for row in DUMP)
    return {
        f"1/{folder}/purchase_temp.csv": dump.encode(),
        f"2/{folder}/events-000001.json": json_lines(*EVENTS),
    }

"""Input that looks odd and is right: names, encodings and texts that must simply work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakehouse import Lakehouse, Row, Table

pytestmark = pytest.mark.long

# Reserved words, mixed case, spaces, quotes, an accent, and words that the macros use themselves.
NAMES = {
    "Order": "bigint",
    'say "hi"': "varchar",
    "select": "varchar",
    "unit price": "decimal(12,2)",
    "it's": "varchar",
    "Größe": "varchar",
    "held": "varchar",
    "records": "varchar",
    "is_old": "varchar",
    "_row_number": "varchar",
    "_peers": "varchar",
}
KEY = ["Order", 'say "hi"']
PREFIX = "BI_"


def line(operation: str, key: tuple[str, str], price: str, moved_from: tuple[str, str]) -> str:
    rest = ["s", price, "i", "g", "h", "r", "o", "n", "p"]
    return ",".join([operation, *key, *rest, *moved_from]) + "\n"


def row(order: int, hi: str, price: str) -> Row:
    from decimal import Decimal

    values = [order, hi, "s", Decimal(price), "i", "g", "h", "r", "o", "n", "p"]
    return dict(zip(NAMES, values, strict=True))


def test_any_name_is_an_ordinary_name(tmp_path: Path) -> None:
    fields = {"key": KEY, "before_image_prefix": PREFIX}
    lakehouse = Lakehouse(
        tmp_path,
        {
            "csv": Table(NAMES, {**fields, "envelope": "s3_csv"}),
            "header": Table(NAMES, {**fields, "envelope": "s3_csv", "header": True}),
            "parquet": Table(NAMES, {**fields, "envelope": "s3_parquet"}),
            "keyless": Table(NAMES, {"key": [], "envelope": "s3_csv"}),
            "group": Table(NAMES, {**fields, "envelope": "s3_csv", "folder": "it's a 'Group By'"}),
        },
    )
    names = ["Op", *NAMES, *(PREFIX + name for name in KEY)]
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names) + "\n"
    none = ("NULL", "NULL")
    first = line("I", ("1", "a"), "1.50", none) + line("I", ("2", "b"), "2.50", none)
    second = line("U", ("3", "c"), "9.99", ("1", "a"))

    def put(stamp: str, text: str) -> None:
        lakehouse.put(f"csv/{stamp}.csv", text)
        lakehouse.put(f"it's a 'Group By'/{stamp}.csv", text)
        lakehouse.put(f"header/{stamp}.csv", head + text)
        lakehouse.put(
            f"keyless/{stamp}.csv",
            "".join(
                ",".join(["I", *record.split(",")[1 : len(NAMES) + 1]]) + "\n"
                for record in text.splitlines()
            ),
        )
        records = [dict(zip(names, text.split(","), strict=True)) for text in text.splitlines()]
        lakehouse.put(f"parquet/{stamp}.parquet", [typed(record) for record in records])

    def typed(record: Row) -> Row:
        clean: Row = {name: None if text == "NULL" else text for name, text in record.items()}
        for name in ("Order", PREFIX + "Order"):
            clean[name] = int(clean[name]) if clean[name] else None
        return clean

    put("20240102-000000001", first)
    lakehouse.build()
    put("20240102-000000002", second)
    lakehouse.build()
    for table in ("csv", "header", "parquet", "group"):
        assert lakehouse.current(table) == [row(2, "b", "2.50"), row(3, "c", "9.99")], table
        assert lakehouse.sql(f'select * from "rej_shop__{table}"') == []
    assert len(lakehouse.current("keyless")) == 3


def test_any_text_that_the_registry_allows_for_is_read_as_it_stands(tmp_path: Path) -> None:
    columns = {"id": "bigint", "name": "varchar"}

    def table(**fields: object) -> Table:
        return Table(columns, {"envelope": "s3_csv", "key": ["id"], **fields})

    lakehouse = Lakehouse(
        tmp_path,
        {
            "latin": table(encoding="latin-1"),
            "wide": table(encoding="utf-16"),
            "bom": table(),
            "bom_header": table(header=True),
            "texts": table(),
            "empty_token": table(null_token=""),
            "nothing": table(),
            "blank": table(),
        },
    )
    stamp = "20240102-000000001.csv"
    lakehouse.put(f"latin/{stamp}", "I,1,café\n".encode("latin-1"))
    lakehouse.put(f"wide/{stamp}", "I,1,café\n".encode("utf-16"))
    lakehouse.put(f"bom/{stamp}", "I,1,café\n".encode("utf-8-sig"))
    lakehouse.put(f"bom_header/{stamp}", "Op,id,name\nI,1,café\n".encode("utf-8-sig"))
    texts = [
        "a,b",
        'say "hi"',
        "two\nlines",
        "cr\r\nlf",
        " padded ",
        "\x01",
        "null",
        "a\x00b",
        "😀",
    ]
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    lakehouse.put(
        f"texts/{stamp}", "".join(f"I,{n},{text}\n" for n, text in enumerate(quoted, start=1))
    )
    lakehouse.put(f"empty_token/{stamp}", "I,1,\n")
    lakehouse.put(f"blank/{stamp}", "")
    lakehouse.build()
    for name in ("latin", "wide", "bom", "bom_header"):
        assert lakehouse.current(name) == [{"id": 1, "name": "café"}], name
    assert [row["name"] for row in lakehouse.current("texts", "id", "name")] == texts
    assert lakehouse.current("empty_token") == [{"id": 1, "name": None}]
    # DMS writes no folder for a table without rows.
    assert lakehouse.current("nothing") == []
    assert lakehouse.current("blank") == []
    assert lakehouse.sql("select * from rej_shop__texts") == []


def test_records_without_a_line_break_are_read_however_many(tmp_path: Path) -> None:
    """Firehose asked for no delimiter writes up to 128 MB in one line; braces in a text are no records."""
    lakehouse = Lakehouse(
        tmp_path,
        {
            name: Table(
                {"id": "bigint", "note": "varchar"}, {"key": ["id"], "envelope": "dms_json"}
            )
            for name in ("even", "braces")
        },
    )

    def records(table: str, count: int, note: str) -> str:
        metadata = {"record-type": "data", "operation": "load", "table-name": table}
        metadata |= {"timestamp": "2024-01-01T00:00:00Z"}
        return "".join(
            json.dumps({"data": {"id": number, "note": note}, "metadata": metadata})
            for number in range(count)
        )

    long = "x" * 1_000
    lakehouse.put("even/2024/01/01/00/stream-1", records("even", 20_000, long))
    lakehouse.put("braces/2024/01/01/00/stream-1", records("braces", 200, '{"} {"'))
    lakehouse.build()
    assert lakehouse.sql(
        "select count(*) as n, count(distinct note) as notes, max(id) as most from cur_shop__even"
    ) == [{"n": 20_000, "notes": 1, "most": 19_999}]
    assert lakehouse.current("braces", "note") == [{"note": '{"} {"'}] * 200
    for name in ("even", "braces"):
        assert lakehouse.sql(f"select * from rej_shop__{name}") == []
        assert lakehouse.sql(f"select max(_cdc_file_row_number) as n from lat_shop__{name}") == [
            {"n": 20_000 if name == "even" else 200}
        ]


def test_a_folder_is_read_by_the_letters_of_its_name(tmp_path: Path) -> None:
    """`[`, `*` and `?` of a folder are letters, no pattern: what a pattern would find beside it is not read."""
    columns = {"id": "bigint", "name": "varchar"}
    name = "HR[1] a*b? {x}"
    formats: dict[str, dict[str, object]] = {
        "csv": {"envelope": "s3_csv"},
        "header": {"envelope": "s3_csv", "header": True},
        "parquet": {"envelope": "s3_parquet"},
        "stream": {"envelope": "dms_json"},
        "masked": {"envelope": "s3_csv"},
        "days": {"envelope": "snapshot", "file_format": "parquet"},
    }
    folders = {table: f"{name}/{table}" for table in formats} | {"days": f"{{snapshot}}/{name}"}
    masks = {"masked": {"name": {"mask": "null"}}}
    lakehouse = Lakehouse(
        tmp_path,
        {
            table: Table(
                columns,
                {"key": ["id"], "folder": folders[table], **fields},
                masks.get(table, {}),
            )
            for table, fields in formats.items()
        },
    )

    def put(folder: str, number: int, text: str) -> None:
        change = f"{folder}/%s/20240102-00000000{number}"
        row: Row = {"id": number, "name": text}
        lakehouse.put(change % "csv" + ".csv", f"I,{number},{text}\n")
        lakehouse.put(change % "masked" + ".csv", f"I,{number},{text}\n")
        lakehouse.put(change % "header" + ".csv", f"Op,id,name\nI,{number},{text}\n")
        lakehouse.put(change % "parquet" + ".parquet", [{"Op": "I"} | row])
        when = f"2024-01-02 0{number}:00:00"
        lakehouse.put(f"2024-01-02/{folder}/{number}.parquet", [row], when)
        metadata = {"record-type": "data", "operation": "insert", "table-name": "stream"}
        metadata |= {"timestamp": f"2024-01-0{number}T00:00:00Z"}
        record = json.dumps({"data": row, "metadata": metadata})
        lakehouse.put(f"{folder}/stream/2024/01/0{number}/00/s-1", record + "\n")

    for beside in ("HR1 a*b? {x}", "HR[1] aXb? {x}", "HR[1] a*bX {x}"):
        put(beside, 1, "beside")
    for number in (1, 2):
        put(name, number, "ours")
        lakehouse.build()
        for table in formats:
            assert [row["id"] for row in lakehouse.current(table)] == [1, 2][:number], table
            assert {row["name"] for row in lakehouse.current(table)} <= {"ours", None}, table
    lakehouse.build("--full-refresh")
    for table in formats:
        assert len(lakehouse.current(table)) == 2, table


def test_digits_without_a_pair_are_no_bytes(tmp_path: Path) -> None:
    columns = {"id": "bigint", "d": "binary"}
    lake = Lakehouse(tmp_path, {"bytes": Table(columns, {"envelope": "s3_csv", "key": ["id"]})})
    lake.put("bytes/LOAD00000001.csv", '1,ABC\n2,aBcD\n3,zz\n4,""\n5,NULL\n')
    lake.build()
    assert lake.sql("select id, d, _cdc_issues as issue from lat_shop__bytes order by id") == [
        {"id": 1, "d": None, "issue": '[{"column": "d", "text": "ABC"}]'},
        {"id": 2, "d": b"\xab\xcd", "issue": None},
        {"id": 3, "d": None, "issue": '[{"column": "d", "text": "zz"}]'},
        {"id": 4, "d": b"", "issue": None},
        {"id": 5, "d": None, "issue": None},
    ]

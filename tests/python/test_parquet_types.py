"""Parquet columns of another type than declared: whole values come through, what would be rounded, cut or garbled is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse import Lakehouse, Outcome, Table

pytestmark = pytest.mark.long

FIELDS = {"envelope": "s3_parquet", "key": ["id"], "timestamp_column": "ts"}
TIME = "2024-01-02 00:00:00.000000"
LOAD = "LOAD00000001.parquet"
MOMENT = dt.datetime(2024, 1, 1, 23, 30, 15)
CUT = "so values would be rounded or cut. Declare a type that holds them."

Case = tuple[str, Any, str]


def texts(*values: str) -> Any:
    return pa.array(values, pa.string())


# What the declared type holds of no value, or not of every one: by the file's footer alone.
BY_TYPE: dict[str, Case] = {
    "ns_date": ("date", pa.array([MOMENT], pa.timestamp("ns")), "TIMESTAMP_NS"),
    "zoned_date": ("date", pa.array([MOMENT], pa.timestamp("us", "UTC")), "TIMESTAMP"),
    "us_time": ("time", pa.array([MOMENT], pa.timestamp("us")), "TIMESTAMP"),
    "int_boolean": ("boolean", pa.array([2], pa.int32()), "INTEGER"),
    "double_boolean": ("boolean", pa.array([0.5]), "DOUBLE"),
    "int_double": ("double", pa.array([9007199254740993]), "BIGINT"),
    "wide_double": (
        "double",
        pa.array([Decimal("12345678901234567.89")], pa.decimal128(38, 2)),
        "DECIMAL(38,2)",
    ),
    "int_real": ("real", pa.array([16777217], pa.int32()), "INTEGER"),
    "places": (
        "decimal(10,2)",
        pa.array([Decimal("1.239")], pa.decimal128(10, 3)),
        "DECIMAL(10,3)",
    ),
    "float_decimal": ("decimal(10,2)", pa.array([1.239]), "DOUBLE"),
}
# What the declared type holds as long as the values are so: by the values.
BY_VALUE: dict[str, Case] = {
    "text_decimal": ("decimal(10,2)", texts("1.20", "1.239"), "VARCHAR"),
    "text_integer": ("integer", texts("1", "1.5"), "VARCHAR"),
    "text_date": ("date", texts("2024-01-01", "2024-01-01 23:59:59"), "VARCHAR"),
    "text_zoned": ("timestamp", texts(TIME, "2024-01-01 10:00:00+02:00"), "VARCHAR"),
    "text_time": ("time", texts("10:00:00", "10:00:00.1234567"), "VARCHAR"),
    "text_boolean": ("boolean", texts("true", "yes"), "VARCHAR"),
    "text_bytes": ("binary", texts("a", "a\\x41"), "VARCHAR"),
    "ns_timestamp": (
        "timestamp",
        pa.array([1704151815123456000, 1704151815123456789], pa.timestamp("ns")),
        "TIMESTAMP_NS",
    ),
    "ns_time": ("time", pa.array([1000, 1001], pa.time64("ns")), "TIME_NS"),
    "bytes_text": ("varchar", pa.array([b"e", "é".encode()], pa.binary()), "BLOB"),
}


def lay(home: Path, cases: dict[str, Any], **fields: Any) -> Lakehouse:
    """A table per case: its declared type, and a load file with the values of its column `d`."""
    tables = {
        name: Table({"id": "bigint", "d": case[0]}, FIELDS | fields) for name, case in cases.items()
    }
    lake = Lakehouse(home, tables)
    for name, case in cases.items():
        lake.put(f"{name}/{LOAD}", rows_of(case[1]))
    return lake


def rows_of(values: Any, name: str = "d") -> pa.Table:
    numbers = list(range(1, len(values) + 1))
    return pa.table({"ts": [TIME] * len(values), "id": numbers, name: values})


def said(outcome: Outcome, name: str) -> str:
    return "\n".join(text for text in outcome.messages if f"`shop.{name}`" in text)


def test_a_parquet_type_that_the_declared_one_does_not_hold_is_refused(tmp_path: Path) -> None:
    lake = lay(tmp_path, BY_TYPE | BY_VALUE)
    outcome = lake.dbt("build")
    assert not outcome.success
    for name, (declared, _, held) in (BY_TYPE | BY_VALUE).items():
        file = lake.lake / name / LOAD
        begins = f"column `d` is declared as {declared}, but `{file}` holds it as {held}"
        assert begins in said(outcome, name), (name, said(outcome, name))
    for name in BY_TYPE:
        assert CUT in said(outcome, name), (name, said(outcome, name))
    for name in ("text_decimal", "text_integer", "text_date", "text_zoned", "text_boolean"):
        cure = "Declare the column varchar, and cast it in a model."
        assert cure in said(outcome, name), (name, said(outcome, name))
    assert "with nanoseconds" in said(outcome, "ns_timestamp")
    assert "is not marked as text (UTF8)" in said(outcome, "bytes_text")
    built = {row["name"] for row in lake.sql("select table_name as name from duckdb_tables()")}
    assert not built & {f"lat_shop__{name}" for name in BY_TYPE | BY_VALUE}


def test_a_parquet_type_that_the_declared_one_holds_comes_through_whole(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 1, 1, 23, 30, 15, 123456)
    whole: dict[str, tuple[str, Any, list[Any]]] = {
        "text_decimal": ("decimal(10,2)", texts("1.2", "-7"), [Decimal("1.20"), Decimal(-7)]),
        "text_integer": ("integer", texts("007"), [7]),
        "text_date": ("date", texts("2024-01-01"), [dt.date(2024, 1, 1)]),
        "text_moment": ("timestamp", texts("2024-01-01T23:30:15.123456Z"), [moment]),
        "text_boolean": ("boolean", texts("true", "0"), [True, False]),
        "ns": ("timestamp", pa.array([moment], pa.timestamp("ns")), [moment]),
        "nulls": ("boolean", pa.nulls(1), [None]),
        "small_real": ("real", pa.array([7], pa.int16()), [7.0]),
        "int_double": ("double", pa.array([7], pa.int32()), [7.0]),
        "price_double": ("double", pa.array([Decimal("1.20")], pa.decimal128(15, 2)), [1.2]),
        "bool_integer": ("integer", pa.array([True]), [1]),
        "int_text": ("varchar", pa.array([7]), ["7"]),
        "plain_bytes": ("varchar", pa.array([b"one"], pa.binary()), ["one"]),
        "mixed": ("decimal(10,2)", pa.array([Decimal("1.5")], pa.decimal128(4, 2)), [Decimal("1.50")]),
    }  # fmt: skip
    lake = lay(tmp_path, whole)
    lake.register(
        {name: Table({"id": "bigint", "d": case[0]}, FIELDS) for name, case in whole.items()}
        | {"int96": Table({"id": "bigint", "D": "timestamp"}, FIELDS)}
    )
    (lake.lake / "int96").mkdir()
    old = rows_of(pa.array([moment], pa.timestamp("ns")))
    pq.write_table(old, lake.lake / "int96" / LOAD, use_deprecated_int96_timestamps=True)
    lake.build()
    assert lake.current("int96", "D") == [{"D": moment}]
    for name, (_, _, values) in whole.items():
        found = lake.sql(f"select d, _cdc_issues from lat_shop__{name} order by id")
        assert found == [{"d": value, "_cdc_issues": None} for value in values], name
    # The column's other files hold another type: each file is judged by its own.
    late = rows_of(texts("2.239"), "d").append_column("Op", pa.array(["U"]))
    lake.put("mixed/20240103-000000001.parquet", late)
    outcome = lake.dbt("build", "--select", "chg_shop__mixed+")
    assert "20240103-000000001.parquet` holds it as VARCHAR" in said(outcome, "mixed")


def test_a_before_image_of_the_key_is_judged_as_the_key(tmp_path: Path) -> None:
    fields = FIELDS | {"before_image_prefix": "BI_"}
    lake = Lakehouse(tmp_path, {"moved": Table({"id": "bigint"}, fields)})
    lake.put("moved/20240102-000000001.parquet", [{"Op": "U", "ts": TIME, "id": 2, "BI_id": "1.5"}])
    outcome = lake.dbt("build")
    assert "column `BI_id` is declared as bigint, but" in said(outcome, "moved")


def test_a_full_refresh_judges_known_files_by_the_type_that_is_declared_now(
    tmp_path: Path,
) -> None:
    lake = lay(tmp_path, {"prices": ("varchar", texts("1.239"), "")})
    lake.build()
    lake.register({"prices": Table({"id": "bigint", "d": "decimal(10,2)"}, FIELDS)})
    outcome = lake.dbt("build", "--full-refresh")
    assert not outcome.success
    assert "column `d` is declared as decimal(10,2), but" in said(outcome, "prices")


def test_the_text_of_a_masked_column_is_not_told(tmp_path: Path) -> None:
    columns = {"id": "bigint", "d": "decimal(10,2)"}
    lake = Lakehouse(tmp_path, {"prices": Table(columns, FIELDS, {"d": {"mask": "drop"}})})
    lake.put(f"prices/{LOAD}", rows_of(texts("1.239")))
    outcome = lake.dbt("build")
    assert "holds it as VARCHAR with a text that is none" in said(outcome, "prices")
    assert "1.239" not in outcome.text


def test_values_are_looked_at_in_the_very_file_that_is_read(tmp_path: Path) -> None:
    """A folder's name is no pattern: `HR[1]` would find the file in `HR1`, whose text is no such decimal."""
    columns = {"id": "bigint", "amount": "decimal(10,2)"}
    lake = Lakehouse(tmp_path, {"pay": Table(columns, FIELDS | {"folder": "HR[1]"})})
    for folder, amount in (("HR1", "1.239"), ("HR[1]", "1.50")):
        place = lake.lake / folder
        place.mkdir(parents=True)
        rows = pa.table({"id": [1], "amount": texts(amount), "ts": texts(TIME)})
        pq.write_table(rows, place / LOAD)
    lake.build()
    assert [row["amount"] for row in lake.current("pay")] == [Decimal("1.50")]

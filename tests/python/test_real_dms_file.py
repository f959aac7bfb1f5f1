"""A file that DMS itself wrote (tests/data), value by value against pyarrow's own reading of it."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse import REPOSITORY, Lakehouse, Table

FILE = REPOSITORY / "tests" / "data" / "dms_test_table_LOAD00000001.parquet"
COLUMNS = {
    "id": "bigint",
    "my_int": "integer",
    "my_smallint": "smallint",
    "my_numeric": "decimal(15,2)",
    "my_real": "real",
    "my_double": "double",
    "my_money": "decimal(38,4)",
    "my_varchar": "varchar",
    "my_text": "varchar",
    "my_bytea": "binary",
    "my_timestamp": "timestamp",
    "my_uuid": "varchar",
    "my_json": "varchar",
    "my_jsonb": "varchar",
    "my_bool": "boolean",
}
# What DuckDB's client gives for each type; a wrong type that compares equal (1 == 1.0 == True) would pass unseen.
PYTHON = {
    "bigint": int,
    "integer": int,
    "smallint": int,
    "real": float,
    "double": float,
    "varchar": str,
    "binary": bytes,
    "timestamp": dt.datetime,
    "boolean": bool,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Lakehouse:
    """The lake with that one file, built."""
    fields = {"envelope": "s3_parquet", "key": ["id"], "timestamp_column": "DMS_TIMESTAMP"}
    tables = {"dms_test_table": Table(COLUMNS, fields)}
    lakehouse = Lakehouse(tmp_path_factory.mktemp("real"), tables)
    lakehouse.put("dms_test_table/LOAD00000001.parquet", FILE.read_bytes(), "2022-07-26 06:46:19")
    lakehouse.build()
    return lakehouse


def truth() -> list[dict[str, Any]]:
    """The file as pyarrow reads it; its timestamps are UTC, and ours say so by having no zone."""
    rows: list[dict[str, Any]] = pq.read_table(FILE).to_pylist()
    for row in rows:
        row["my_timestamp"] = row["my_timestamp"].astimezone(dt.UTC).replace(tzinfo=None)
    return rows


def test_the_registry_declares_every_column_of_the_file() -> None:
    schema = pq.read_schema(FILE)
    assert [name for name in schema.names if name != "DMS_TIMESTAMP"] == list(COLUMNS)
    assert schema.field("my_timestamp").type == pa.timestamp("ms", tz="UTC")


@pytest.mark.long
def test_every_value_is_what_dms_wrote(built: Lakehouse) -> None:
    ours = {row["id"]: row for row in built.sql("select * from cur_shop__dms_test_table")}
    theirs = truth()
    assert len(ours) == len(theirs) == 10
    for row in theirs:
        for name, declared in COLUMNS.items():
            value = ours[row["id"]][name]
            assert value == row[name], (row["id"], name)
            assert type(value) is PYTHON.get(declared, decimal.Decimal), (row["id"], name)
    assert any(row["my_varchar"] == "" for row in theirs), "the file has empty strings"


@pytest.mark.long
def test_every_row_says_when_dms_copied_it_and_where_it_stood(built: Lakehouse) -> None:
    rows = built.sql("select * from lat_shop__dms_test_table order by id nulls first")
    for number, (ours, theirs) in enumerate(zip(rows, truth(), strict=True), start=1):
        assert ours["_cdc_operation"] == "load"
        assert ours["_cdc_emitted_at"] == dt.datetime.fromisoformat(theirs["DMS_TIMESTAMP"])
        assert ours["_cdc_committed_at"] is None
        assert (ours["id"], ours["_cdc_file_row_number"]) == (number, number)
        assert Path(ours["_cdc_file_path"]).name == "LOAD00000001.parquet"
    assert not built.sql("select * from rej_shop__dms_test_table")


@pytest.mark.long
def test_the_stored_types_are_the_declared_ones(built: Lakehouse) -> None:
    stored = {
        row["column_name"]: row["column_type"].lower()
        for row in built.sql("describe lat_shop__dms_test_table")
    }
    names = {"real": "float", "binary": "blob"}
    assert {name: stored[name] for name in COLUMNS} == {
        name: names.get(declared, declared) for name, declared in COLUMNS.items()
    }

"""`lake register` and `lake land` on S3 and Glue as moto plays them: every row exactly once, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lake.commands.land import land
from lake.commands.register import register
from lake.errors import LakeError, UsageError
from lake.land import raw_tables
from lake_on_moto import MotoLake, registered_lake
from lakehouse import Table

pytestmark = pytest.mark.long

CSV = {"envelope": "s3_csv", "key": ["id"]}
PARQUET = {
    "envelope": "s3_parquet",
    "key": ["id"],
    "timestamp_column": "ts",
    "landing": "in_place",
}
COLUMNS = {"id": "integer", "name": "varchar"}
LOAD, FIRST, SECOND = "LOAD00000001", "20240102-030405123", "20240103-030405123"

# Every test has a table of its own in one project, which is parsed once.
TABLES = {
    **{
        name: Table(COLUMNS, CSV)
        for name in (
            "twice",
            "reload",
            "lost",
            "internal",
            "good",
            "hive",
            "unmade",
        )
    },
    "truncated": Table(COLUMNS, CSV | {"raw_retention_days": 3650}),
    "parquet": Table(
        {"Id": "bigint", "amount": "decimal(12,2)", "at": "timestamp", "name": "varchar"},
        PARQUET | {"key": ["Id"], "before_image_prefix": "BI_"},
    ),
    "parquet_reload": Table(COLUMNS, PARQUET),
    "parquet_wrong": Table(COLUMNS, PARQUET),
    "by_place": Table(
        {"id": "smallint", "name": "varchar"}, {k: PARQUET[k] for k in ("envelope", "key")}
    ),
    "prices": Table(
        {"id": "integer", "price": "decimal(10,2)"}, {"envelope": "s3_parquet", "key": ["id"]}
    ),
    "bad": Table(COLUMNS, CSV),
    "cut": Table(COLUMNS, CSV),
    "cut_anyhow": Table(COLUMNS, {"envelope": "append_csv", "key": []}),
    "header": Table(COLUMNS, CSV | {"header": True}),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoLake]:
    """A lake on moto with its tables registered, but for those that tests register."""
    with registered_lake(tmp_path_factory.mktemp("lake"), TABLES, ("hive", "unmade")) as lake:
        yield lake


def test_each_row_is_there_once_with_path_and_row_number(shop: MotoLake) -> None:
    shop.deliver("twice", f"{LOAD}.csv", '1,a\n2,"b\nc"\n3,NULL\n', "2024-01-01 10:00:00")
    shop.deliver("twice", f"{FIRST}.csv", "U,1,x\nD,2,b,too many\n", "2024-01-02 03:04:06")
    landing = shop.land("twice")
    assert (landing.files, landing.rows, landing.generation) == (2, 5, 1)
    path = f"s3://lake-bucket/dms/twice/{LOAD}.csv"
    rows = [row for row in shop.raw("twice") if row["_raw_file_path"] == path]
    assert [(row["_raw_file_row_number"], row["id"], row["name"]) for row in rows] == [
        (1, "1", "a"),
        (2, "2", "b\nc"),
        (3, "3", None),
    ]
    problems = [row["_raw_problem"] for row in shop.raw("twice")]
    assert [problem[:18] for problem in problems if problem] == ["wrong column count"]


def test_a_second_run_brings_nothing_and_writes_nothing(shop: MotoLake) -> None:
    shop.deliver("twice", f"{LOAD}.csv", '1,a\n2,"b\nc"\n3,NULL\n', "2024-01-01 10:00:00")
    shop.land("twice")
    before = shop.snapshots("twice")
    shop.land("twice")
    assert shop.snapshots("twice") == before


@pytest.mark.parametrize(("table", "name"), [("cut", f"{LOAD}.csv"), ("cut_anyhow", "part-00000")])
def test_a_file_cut_short_inside_a_quoted_value_is_refused_whatever_its_name(
    shop: MotoLake, table: str, name: str
) -> None:
    shop.deliver(table, name, '1,a\n2,"b', "2024-01-01 10:00:00")
    error = shop.land(table).error
    assert error is not None
    assert f"{name}` ends inside a quoted value" in error
    assert not shop.raw(table)
    shop.deliver(table, name, '1,a\n2,"b"\n', "2024-01-01 11:00:00")
    assert (shop.land(table).error, len(shop.raw(table))) == (None, 2)


def test_internal_objects_of_dms_are_left_out(shop: MotoLake) -> None:
    shop.deliver("internal", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.deliver("internal", "awsdms_validation_failures.csv", "x\n", "2024-01-01 10:00:00")
    assert shop.land("internal").rows == 1


def test_parquet_is_registered_where_it_lies_with_all_spellings_and_microseconds(
    shop: MotoLake,
) -> None:
    moment = pa.array([1704070923190701], pa.timestamp("us"))
    load = pa.table(
        {
            "ID": pa.array([1], pa.int32()),
            "amount": pa.array([Decimal("1.50")], pa.decimal128(10, 2)),
            "at": moment,
            "ts": ["2024-01-01 00:00:00.000000"],
        }
    )
    change = pa.table(
        {
            "Op": ["U"],
            "id": pa.array([1], pa.int64()),
            "AT": moment.cast(pa.timestamp("ms"), safe=False),
            "ts": ["2024-01-02 00:00:00.000000"],
            "BI_ID": pa.array([1], pa.int64()),
        }
    )
    shop.deliver("parquet", f"{LOAD}.parquet", load, "2024-01-01 10:00:00")
    shop.deliver("parquet", f"{FIRST}.parquet", change, "2024-01-02 03:04:06")
    assert shop.land("parquet").files == 2
    paths = sorted(item.file_path for item in shop.data_files("parquet"))
    assert paths == [f"s3://lake-bucket/dms/parquet/{name}.parquet" for name in (FIRST, LOAD)]
    loaded, changed = sorted(shop.raw("parquet"), key=lambda row: str(row["ts"]))
    assert (loaded["Id"], loaded["Op"], str(loaded["at"])) == (
        1,
        None,
        "2024-01-01 01:02:03.190701",
    )
    assert (changed["Id"], changed["BI_Id"], changed["amount"]) == (1, 1, None)
    assert str(changed["at"]) == "2024-01-01 01:02:03.190000"
    undeclared = change.append_column("extra", [[5]])
    shop.deliver("parquet", f"{SECOND}.parquet", undeclared, "2024-01-03 03:04:06")
    assert shop.land("parquet").files == 1
    assert [row["column_name"] for row in shop.ledger("columns", "parquet")] == ["extra"]


def test_parquet_whose_order_is_the_place_in_the_file_is_rewritten_with_it(shop: MotoLake) -> None:
    rows = pa.table({"Op": ["I", "U"], "id": pa.array([7, 7], pa.int64()), "name": ["a", "b"]})
    shop.deliver("by_place", f"{FIRST}.parquet", rows, "2024-01-02 03:04:06")
    shop.land("by_place")
    found = sorted(shop.raw("by_place"), key=lambda row: int(row["_raw_file_row_number"]))
    assert [(row["_raw_file_row_number"], row["id"], row["name"]) for row in found] == [
        (1, 7, "a"),
        (2, 7, "b"),
    ]
    assert {row["_raw_file_path"] for row in found} == {
        f"s3://lake-bucket/dms/by_place/{FIRST}.parquet"
    }


def test_a_parquet_type_that_athena_cannot_show_is_refused_before_it_is_landed(
    shop: MotoLake,
) -> None:
    rows = pa.table({"id": pa.array([1], pa.int64()), "ts": ["x"]})
    shop.deliver("parquet_wrong", f"{LOAD}.parquet", rows, "2024-01-01 10:00:00")
    error = shop.land("parquet_wrong").error
    assert error is not None
    assert "holds column `id` as int64, which Athena cannot read as int" in error
    assert not shop.raw("parquet_wrong")
    assert not shop.ledger("files", "parquet_wrong")


def test_a_rewritten_parquet_text_that_the_declared_type_would_round_is_refused(
    shop: MotoLake,
) -> None:
    for name, text, error in ((LOAD, "1.20", None), (FIRST, "1.239", "holds it as VARCHAR")):
        rows = pa.table({"Op": ["I"], "id": pa.array([1], pa.int32()), "Price": [text]})
        shop.deliver("prices", f"{name}.parquet", rows, "2024-01-02 03:04:06")
        found = shop.land("prices").error
        assert found is None if error is None else error in (found or "")
    assert f"`s3://lake-bucket/dms/prices/{FIRST}.parquet`" in (found or "")
    assert [str(row["price"]) for row in shop.raw("prices")] == ["1.20"]


@pytest.mark.parametrize("table", ["reload", "parquet_reload"])
def test_a_reload_in_place_opens_a_generation_and_its_old_rows_are_gone(
    shop: MotoLake, table: str
) -> None:
    def load(*ids: int) -> Any:
        if table == "reload":
            return "".join(f"{number},a\n" for number in ids)
        return pa.table({"id": pa.array(ids, pa.int32()), "name": ["a" for _ in ids]})

    suffix = "csv" if table == "reload" else "parquet"
    change = (
        "I,2,b\n" if table == "reload" else pa.table({"Op": ["I"], "id": pa.array([2], pa.int32())})
    )
    shop.deliver(table, f"{LOAD}.{suffix}", load(1), "2024-01-01 10:00:00")
    shop.deliver(table, f"{FIRST}.{suffix}", change, "2024-01-02 03:04:06")
    shop.land(table)
    shop.deliver(table, f"{LOAD}.{suffix}", load(3, 4, 5), "2024-01-02 10:00:00")
    landing = shop.land(table)
    assert (landing.files, landing.replaced, landing.generation, landing.opened) == (1, 1, 2, True)
    assert sorted(int(row["id"]) for row in shop.raw(table)) == [2, 3, 4, 5]
    # Nothing was written after it, but it has long been quiet.
    assert shop.versions(table) == {
        (f"{FIRST}.{suffix}", 1): "1 readable",
        (f"{LOAD}.{suffix}", 1): "1 superseded",
        (f"{LOAD}.{suffix}", 2): "2 readable",
    }
    assert [row["state"] for row in shop.ledger("generations", table)] == ["complete", "complete"]


def test_a_truncate_leaves_no_rows_and_a_generation_without_files(shop: MotoLake) -> None:
    # A root without any file is taken for a wrong one.
    shop.deliver("neighbour", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.deliver("truncated", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.land("truncated")
    shop.remove("truncated", f"{LOAD}.csv")
    landing = shop.land("truncated")
    assert (landing.gone, landing.generation, landing.opened) == (1, 2, True)
    assert not shop.raw("truncated")
    assert shop.versions("truncated") == {(f"{LOAD}.csv", 1): "1 superseded"}


def test_a_lost_file_is_said_and_comes_back(shop: MotoLake) -> None:
    shop.deliver("lost", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.deliver("lost", f"{FIRST}.csv", "I,2,b\n", "2024-01-02 03:04:06")
    shop.land("lost")
    shop.remove("lost", f"{FIRST}.csv")
    assert shop.land("lost").gone == 1
    assert any("1 file(s) of `shop.lost`" in text for text in shop.warnings)
    assert shop.versions("lost")[f"{FIRST}.csv", 1] == "1 vanished"
    assert [row["id"] for row in shop.raw("lost")] == ["1"]
    shop.deliver("lost", f"{FIRST}.csv", "I,2,b\n", "2024-01-02 03:04:06")
    shop.land("lost")
    assert sorted(row["id"] for row in shop.raw("lost")) == ["1", "2"]
    assert shop.versions("lost")[f"{FIRST}.csv", 1] == "1 readable"


def test_a_table_that_fails_does_not_keep_the_others(shop: MotoLake) -> None:
    shop.deliver("bad", "surprise.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.deliver("good", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    bad, good = shop.land_all("bad", "good").landings
    assert bad.error is not None
    assert "is not named as DMS names files" in bad.error
    assert (good.error, good.rows) == (None, 1)


def test_rows_landed_under_another_registry_entry_are_landed_again_on_request(
    shop: MotoLake,
) -> None:
    shop.deliver("header", f"{LOAD}.csv", "id,name,city\n1,a,Rome\n", "2024-01-01 10:00:00")
    shop.land("header")
    wider = Table(COLUMNS | {"city": "varchar"}, CSV | {"header": True})
    with shop.registered({**TABLES, "header": wider}):
        table = shop.described("header")[0]
        assert raw_tables.register(shop.aws, table).changes == ("added city string",)
        shop.land("header")
        assert [row["city"] for row in shop.raw("header")] == [None]
        assert shop.land("header", again=True).files == 1
        assert [row["city"] for row in shop.raw("header")] == ["Rome"]


def test_a_hive_table_of_the_same_name_is_an_error(shop: MotoLake) -> None:
    shop.glue.create_table(DatabaseName="shop", TableInput={"Name": "hive"})
    with pytest.raises(LakeError, match="exists and is no Iceberg table"):
        raw_tables.register(shop.aws, shop.described("hive")[0])


def test_a_table_that_was_not_registered_says_so(shop: MotoLake) -> None:
    shop.deliver("unmade", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    error = shop.land("unmade").error
    assert error is not None
    assert "make it with `lake register`" in error


def test_a_missing_database_and_a_wrong_bucket_are_errors_that_name_them(shop: MotoLake) -> None:
    with shop.registered(TABLES, schema="nowhere"):
        table = shop.described("twice")[0]
        with pytest.raises(LakeError, match=r"no Glue database `nowhere`.*--create-databases"):
            raw_tables.register(shop.aws, table)
        raw_tables.register(shop.aws, table, create_database=True)
    with shop.registered(TABLES, root="s3://no-such-bucket/dms"):
        error = shop.land("twice").error
    assert error is not None
    assert "NoSuchBucket" in error
    assert "correct `root`" in error


def test_a_command_fails_by_the_table_and_ends_with_its_own_code(
    shop: MotoLake, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match=r"no registered table `shop\.nothing`"):
        land(table=["shop.nothing"], project_dir=shop.project)
    with pytest.raises(UsageError, match=r"target is of type duckdb.*Name an Athena target"):
        land(target="duckdb", project_dir=shop.project)
    with pytest.raises(
        LakeError, match=r"1 table\(s\) were not landed:\nshop.unmade: .*lake register"
    ) as failed:
        land(table=["shop.unmade"], project_dir=shop.project, as_json=True, workers=2, memory=256)
    assert failed.value.exit_code == 1
    said = json.loads(capsys.readouterr().out)
    assert "make it with `lake register`" in said["tables"][0]["error"]
    register(table=["shop.good"], project_dir=shop.project)
    assert capsys.readouterr().out == "shop.good: shop.good unchanged\n"

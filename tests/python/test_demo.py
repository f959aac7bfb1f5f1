"""What `lake demo` must show: the known results of its systems, and the way back to each file."""

import dataclasses
import datetime as dt
import io
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from demo_files import line_at, names_it, registered, unreadable
from lake import cli
from lake.demo.play import Play, TableView, build, play
from lake.demo.screen import differences, screen, show
from lake.demo.written import as_written
from lake.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
RETAIL_CHANGES = Path("lake/retail/dev/retail_transactions")
Row = dict[str, Any]

pytestmark = pytest.mark.long


@pytest.fixture
def home(demo_home: Path) -> Path:
    return demo_home


@pytest.fixture
def played(demo: Play) -> Play:
    return demo


@pytest.fixture
def replayed(tmp_path: Path) -> Path:
    """A played demo of the test's own, to go on from."""
    play(ROOT, tmp_path)
    return tmp_path


def table(played: Play, name: str) -> TableView:
    return next(view for view in played.tables if view.name == name)


def business(rows: list[Row]) -> list[Row]:
    return [{k: v for k, v in row.items() if not k.startswith("_cdc_")} for row in rows]


def query(home: Path, text: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "demo.duckdb"), read_only=True) as connection:
        return connection.execute(text).fetchall()


def cities(rows: list[Row]) -> dict[int, str]:
    return {row["tran_id"]: row["store_city"] for row in rows}


def on_screen(played: Play, views: list[TableView], width: int = 100) -> str:
    text = io.StringIO()
    Console(file=text, width=width, highlight=False).print(screen(played, views))
    return text.getvalue()


def test_retail_has_the_14_loaded_rows_after_round_one(played: Play) -> None:
    before = table(played, "retail.retail_transactions").before
    assert [row["tran_id"] for row in before] == list(range(1, 15))
    assert business(before)[0] == {
        "tran_id": 1,
        "tran_date": dt.date(2019, 3, 17),
        "store_id": 1,
        "store_city": "CHICAGO",
        "store_state": "IL",
        "item_code": "XXXXXX",
        "quantity": 5,
        "total": 106.25,
    }
    assert sum(row["total"] for row in before) == 1987.5


def test_retail_has_15_in_2_gone_and_12_in_springfield_after_round_two(played: Play) -> None:
    view = table(played, "retail.retail_transactions")
    assert len(view.after) == 14
    expected = cities(view.before) | {12: "SPRINGFIELD", 15: "CHICAGO"}
    del expected[2]
    assert cities(view.after) == expected
    assert [row["tran_id"] for row in view.deleted] == [2]


def test_shop_applies_one_update_and_one_delete_to_product(played: Play) -> None:
    view = table(played, "shop.product")
    assert [(row["id"], str(row["price"])) for row in view.before] == [
        (1, "49.90"),
        (2, "219.00"),
        (3, "35.50"),
        (4, "120.00"),
        (5, "None"),
    ]
    assert [(row["id"], str(row["price"]), row["_cdc_operation"]) for row in view.after] == [
        (1, "49.90", "load"),
        (2, "219.00", "load"),
        (3, "29.90", "update"),
        (4, "120.00", "load"),
    ]


def test_a_table_without_a_key_takes_inserts_only_and_says_what_it_refused(played: Play) -> None:
    view = table(played, "shop.productorder")
    assert sorted(row["id"] for row in view.after) == [1001, 1002, 1003, 1004, 1005]
    assert {row["quantity"] for row in view.after if row["id"] == 1002} == {1}
    (refused,) = view.rejected
    assert refused["_cdc_reject_reason"] == "update or delete of a table without a key"
    assert json.loads(refused["_cdc_raw_text"])["id"] == "1002"


def test_each_build_reads_only_the_new_files(played: Play) -> None:
    read = [
        {
            run["source_table"]: run["files"]
            for run in build.runs
            if run["model"].startswith(("lat_retail", "lat_shop"))
        }
        for build in played.builds
    ]
    assert read == [
        {
            "retail.retail_transactions": ["LOAD00000001.parquet"],
            "shop.product": ["LOAD00000001.csv"],
            "shop.productorder": ["LOAD00000001.csv"],
            "shop.store": ["LOAD00000001.csv"],
        },
        {
            "retail.retail_transactions": ["20190319-101500123.parquet"],
            "shop.product": ["20240102-101500250.csv"],
            "shop.productorder": ["20240102-101500252.csv", "20240102-101600118.csv"],
            "shop.store": ["20240102-101500251.csv"],
        },
    ]


def test_every_row_leads_back_to_the_line_it_came_from(played: Play) -> None:
    update = next(
        row for row in table(played, "retail.retail_transactions").after if row["tran_id"] == 12
    )
    assert Path(update["_cdc_file_path"]).name == "20190319-101500123.parquet"
    assert update["_cdc_file_row_number"] == 2
    assert update["_cdc_committed_at"] == dt.datetime(2019, 3, 19, 10, 14, 40, 553020)
    rows = [(v, row) for v in played.tables for row in (*v.after, *v.deleted, *v.rejected)]
    # A key that a newer load lacks was deleted by no line.
    placed = [(view, row) for view, row in rows if row["_cdc_file_row_number"]]
    for view, row in placed:
        line = line_at(row, registered(view.name))
        assert names_it(line, row, view.key), (view.name, row, line)
    assert len(placed) > 60


def test_differences_are_marked_before_and_after(played: Play) -> None:
    marked = differences(table(played, "retail.retail_transactions"))
    assert [(mark, row["tran_id"]) for mark, row in marked if mark != " "] == [
        ("-", 2),
        ("-", 12),
        ("+", 12),
        ("+", 15),
    ]


def test_a_further_build_reads_nothing_and_changes_nothing(replayed: Path) -> None:
    rows = "select * from cur_retail__retail_transactions order by tran_id"
    before, runs = query(replayed, rows), query(replayed, "select count(*) from dms_lake_runs")
    with unreadable(replayed / RETAIL_CHANGES):
        build(ROOT, replayed)
    assert query(replayed, rows) == before
    assert query(replayed, "select count(*) from dms_lake_runs") == runs


def test_changes_delivered_twice_are_applied_once(replayed: Path) -> None:
    """The same changes under a later name, and then the same file written anew; the files read before are not opened."""
    columns = "* exclude (_cdc_file_path, _cdc_processed_at)"
    latest = f"select {columns} from lat_retail__retail_transactions order by tran_id"
    before = query(replayed, latest)
    folder = replayed / RETAIL_CHANGES
    content = (folder / "20190319-101500123.parquet").read_bytes()
    with unreadable(folder):
        for number, name in enumerate(["20190319-101700004.parquet", "20190319-101500123.parquet"]):
            (folder / name).write_bytes(content)
            moment = dt.datetime(2019, 3, 19, 10, 20 + number, tzinfo=dt.UTC).timestamp()
            os.utime(folder / name, (moment, moment))
            build(ROOT, replayed)
            assert query(replayed, latest) == before
    runs = "select files_read from dms_lake_runs where model like '%.lat_retail%'"
    assert query(replayed, runs) == [(1,), (1,), (1,), (1,)]


def test_the_documented_columns_are_those_that_were_built(home: Path, played: Play) -> None:
    for room in ("changes", "latest", "current", "history", "rejected"):
        for path in (ROOT / "models" / room).glob("*/_*__models.yml"):
            for model in yaml.safe_load(path.read_text())["models"]:
                built = [row[0] for row in query(home, f'describe "{model["name"]}"')]
                named = [column["name"] for column in model["columns"]]
                assert set(named) <= set(built), model["name"]
                ours = [name for name in built if name.startswith("_cdc_")]
                assert [name for name in named if name.startswith("_cdc_")] == ours, model["name"]


def test_the_screen_fits_100_columns_and_shows_no_dbt_noise(played: Play) -> None:
    file = io.StringIO()
    show(played, Console(file=file, width=100, highlight=False))
    text = file.getvalue()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "\N{HORIZONTAL ELLIPSIS}" not in text  # nothing was cut
    assert "-   12 2019-03-15     6 CHICAGO " in text
    assert "+   12 2019-03-15     6 SPRINGFIELD " in text
    assert "tran_id 2 was deleted by 20190319-101500123.parquet:3" in text
    assert "racing.race_entry            dms_json          3      3        1" in text
    assert len(text.splitlines()) <= 120
    assert "docs/add-a-table.md" in text


def test_json_is_one_object_for_machines(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.demo.play.play", lambda *_: played)
    result = CliRunner().invoke(cli.app, ["demo", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [build["number"] for build in told["builds"]] == [1, 2]
    assert len(told["tables"]) == 14


def test_a_broken_file_is_shown_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "20240102-101500250.csv"
    path.write_text('Op,id,name\nU,1,"a, b"\nX,2\nU,3,c,d\n')
    shown = [list(row.values())[2:] for row in as_written(path, {"header": True})]
    assert shown == [["U", "1", "a, b"], ["X", "2"], ["U", "3", "c", "d"]]


def test_a_text_that_did_not_fit_is_shown_under_its_table(played: Play) -> None:
    view = table(played, "shop.store")
    issues = '[{"column": "id", "text": "one"}]'
    after = [view.after[0] | {"_cdc_issues": issues}, *view.after[1:]]
    shown = on_screen(played, [dataclasses.replace(view, after=after)], 200)
    assert f"did not fit its type, and the row stays: {issues}" in shown


def test_a_table_without_living_rows_is_shown_as_such(played: Play) -> None:
    emptied = dataclasses.replace(table(played, "shop.store"), before=[], after=[])
    assert "cur_shop__store: no living row" in on_screen(played, [emptied])


def test_a_student_that_the_newest_snapshot_lacks_is_deleted(home: Path, played: Play) -> None:
    view = table(played, "school.students")
    assert business(view.after)[0] == {"student_id": 101, "first_name": "Ada", "grade": 7}
    assert [row["student_id"] for row in view.after] == [101, 102, 104, 105]
    assert [row["student_id"] for row in view.deleted] == [103]
    versions = """
        select student_id, grade, first_name, _cdc_is_deleted, _cdc_valid_from::date::varchar
        from hst_school__students where student_id in (102, 103) order by all
    """
    assert query(home, versions) == [
        (102, 7, "Ben", False, "2024-01-08"),
        (102, 8, "Ben", False, "2024-01-09"),
        (102, 8, "Benjamin", False, "2024-01-10"),
        (103, 8, "Cleo", False, "2024-01-08"),
        (103, None, None, True, "2024-01-10"),
    ]


def test_every_snapshot_is_checked_by_table_and_day(home: Path, played: Play) -> None:
    checks = (
        "select * replace (snapshot_date::varchar as snapshot_date) from school_snapshot_checks"
    )
    assert query(home, f"{checks} order by all") == [
        ("school.enrollments", "2024-01-08", 3, 3, 0, 0),
        ("school.enrollments", "2024-01-09", 4, 4, 0, 0),
        ("school.enrollments", "2024-01-10", 6, 4, 1, 1),
        ("school.students", "2024-01-08", 3, 3, 0, 0),
        ("school.students", "2024-01-09", 4, 4, 0, 0),
        ("school.students", "2024-01-10", 4, 4, 0, 0),
    ]
    (refused,) = table(played, "school.enrollments").rejected
    assert refused["_cdc_reject_reason"] == "null key: student_id"


def test_the_nightly_dump_is_read_without_names_in_its_files(played: Play) -> None:
    view = table(played, "learning.scores")
    assert [str(row["points"]) for row in view.before] == ["9.5", "7.0", "None"]
    assert [tuple(row.values())[2:] for row in business(view.after)] == [
        ("Quiz 1", Decimal("9.5")),
        ("Quiz 1", Decimal("8.0")),
        ("Poster", Decimal("10.0")),
        ("Poster", Decimal("6.5")),
    ]


def test_the_published_race_entry_comes_out_as_it_went_in(home: Path, played: Play) -> None:
    view = table(played, "racing.race_entry")
    assert business(view.after)[0] == {
        "MEET_CODE": 5189459,
        "MEET_DATE": dt.datetime(2020, 2, 21, 19, 20, 4),
        "RACE_CODE": 5189459,
        "LAST_MODIFIED_DATE": dt.datetime(2020, 2, 24, 19, 20, 4),
        "RACE_ENTRY_CODE": 11671651,
        "HORSE_CODE": 5042811,
    }
    source = """
        select _cdc_emitted_at, _cdc_source_schema, _cdc_source_table, _cdc_raw_text
        from chg_racing__race_entry where "RACE_ENTRY_CODE" = 11671651
    """
    ((emitted, schema, name, text),) = query(home, source)
    assert emitted == dt.datetime(2020, 2, 26, 0, 20, 7, 482592)
    assert (schema, name) == ("SH", "RACE_ENTRY")
    metadata = json.loads(text)["metadata"]
    assert (metadata["transaction-id"], metadata["partition-key-type"]) == (917505, "schema-table")


def test_a_stream_and_its_conversion_give_the_same_rows_though_one_came_twice(played: Play) -> None:
    view, same = table(played, "racing.race_entry"), table(played, "racing.race_entry_converted")
    horses = [(row["RACE_ENTRY_CODE"], row["HORSE_CODE"]) for row in view.after]
    assert horses == [(11671651, 5042811), (11671652, 5042814), (11671654, 5042812)]
    assert [row["RACE_ENTRY_CODE"] for row in view.deleted] == [11671653]
    assert len(view.changes) == 2  # the file and its repetition, each one line
    assert business(same.after) == business(view.after)
    assert [row["RACE_ENTRY_CODE"] for row in same.deleted] == [11671653]
    assert {row["NAME"] for row in table(played, "racing.horse").after} == {
        "Silver {Lining}",
        "Quick Step",
        "Late Call",
    }


def test_a_late_update_does_not_undo_a_newer_one(played: Play) -> None:
    view = table(played, "storefront.orders")
    assert {row["order_id"]: row["status"] for row in view.before} == {
        7001: "placed",
        7002: "placed",
    }
    assert {row["order_id"]: row["status"] for row in view.after} == {
        7001: "delivered",
        7002: "placed",
        7003: "placed",
    }


def test_a_click_that_was_sent_twice_counts_once(home: Path, played: Play) -> None:
    assert query(home, "select count(*) from chg_storefront__clicks") == [(5,)]
    assert [row["click_id"] for row in table(played, "storefront.clicks").after] == [
        "c1",
        "c2",
        "c3",
    ]


def test_every_sale_counts_at_whatever_time_of_day(played: Play) -> None:
    view = table(played, "sales.sales_event")
    assert sum(row["Quantity"] * row["Price"] for row in view.before) == 10 + 10 + 49.9
    assert sum(row["Quantity"] * row["Price"] for row in view.after) == 69.9 + 24.5 + 25 + 24
    assert len(view.after) == 6


def test_purchases_follow_the_events_that_raced_the_dump_and_those_after_it(played: Play) -> None:
    view = table(played, "purchases.purchase_temp")
    names = ("customerid", "orderid", "productid")
    assert sum(row["quantity"] for row in view.before) == 133
    left = {tuple(row[name].removeprefix(name) for name in names): row for row in view.after}
    assert {key: row["quantity"] for key, row in left.items()} == {
        ("A74187", "A1", "1"): 90,
        ("A74187", "A1", "2"): 20,
        ("A74187", "A3", "1"): 5,
        ("B10002", "B1", "4"): 1,
        ("C10003", "C1", "1"): 3,
    }
    gone = {(row["orderid"], row["productid"]) for row in view.deleted}
    assert gone == {
        ("orderidA2", "productid1"),
        ("orderidB1", "productid3"),
        ("orderidB1", "productid9"),
        ("orderidC1", "productid2"),
    }


def test_any_table_can_be_seen_in_full(played: Play) -> None:
    shown = {view.name: on_screen(played, [view], 400) for view in played.tables}
    assert (
        "student_id 103 was deleted by a newer full load that lacks it" in shown["school.students"]
    )
    assert '"type": "UpdateRowsEvent"' in shown["purchases.purchase_temp"]
    assert "null key: student_id" in shown["school.enrollments"]
    assert all("cur_" in text for text in shown.values())


def test_a_table_that_the_demo_has_not_is_refused_before_it_is_played(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no table shop\.prodct; it has: .*shop\.product"):
        play(ROOT, tmp_path, only="shop.prodct")
    assert not (tmp_path / "demo.duckdb").exists()

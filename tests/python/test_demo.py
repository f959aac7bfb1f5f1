"""What `lake demo` must show: the known results of its systems, and the way back to each file."""

import dataclasses
import datetime as dt
import io
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from lake import cli
from lake.demo.play import Play, TableView, _as_written, build, play
from lake.demo.rounds import deliver, moment_of
from lake.demo.screen import differences, show

ROOT = Path(__file__).resolve().parents[2]
RETAIL_CHANGES = Path("lake/retail/dev/retail_transactions")
Row = dict[str, Any]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def played(home: Path) -> Play:
    return play(ROOT, home)


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
        {run["source_table"]: run["files"] for run in build.runs if run["model"].startswith("lat_")}
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
    build(ROOT, replayed)
    assert query(replayed, rows) == before
    assert query(replayed, "select count(*) from dms_lake_runs") == runs


def test_changes_delivered_twice_are_applied_once(replayed: Path) -> None:
    """The same changes under a later name, and then the same file written anew."""
    columns = "* exclude (_cdc_file_path, _cdc_processed_at)"
    latest = f"select {columns} from lat_retail__retail_transactions order by tran_id"
    before = query(replayed, latest)
    folder = replayed / RETAIL_CHANGES
    for number, name in enumerate(["20190319-101700004.parquet", "20190319-101500123.parquet"]):
        content = (folder / "20190319-101500123.parquet").read_bytes()
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


def test_the_screen_fits_100_columns_and_shows_no_dbt_noise(played: Play, tmp_path: Path) -> None:
    with (tmp_path / "screen").open("w+") as file:
        show(played, Console(file=file, width=100, highlight=False))
        file.seek(0)
        text = file.read()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "\N{HORIZONTAL ELLIPSIS}" not in text  # nothing was cut
    assert "-   12 2019-03-15     6 CHICAGO " in text
    assert "+   12 2019-03-15     6 SPRINGFIELD " in text
    assert "tran_id 2 was deleted by 20190319-101500123.parquet:3" in text
    assert "docs/add-a-table.md" in text


def test_json_is_one_object_for_machines(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.demo.play.play", lambda *_: played)
    result = CliRunner().invoke(cli.app, ["demo", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [build["number"] for build in told["builds"]] == [1, 2]
    assert len(told["tables"]) == 4


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("20190319-101500123.parquet", dt.datetime(2019, 3, 19, 10, 15, 0, 123000, dt.UTC)),
        ("20190319-1015001234.csv", dt.datetime(2019, 3, 19, 10, 15, 0, 123000, dt.UTC)),
        ("LOAD00000001.parquet", None),
    ],
)
def test_the_time_in_a_file_name(name: str, moment: dt.datetime | None) -> None:
    assert moment_of(name) == moment


def test_a_broken_file_is_shown_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "20240102-101500250.csv"
    path.write_text('Op,id,name\nU,1,"a, b"\nX,2\nU,3,c,d\n')
    shown = [list(row.values())[2:] for row in _as_written(path)]
    assert shown == [["U", "1", "a, b"], ["X", "2"], ["U", "3", "c", "d"]]


def test_a_text_that_did_not_fit_is_shown_under_its_table(played: Play) -> None:
    view = table(played, "shop.store")
    issues = '[{"column": "id", "text": "one"}]'
    after = [view.after[0] | {"_cdc_issues": issues}, *view.after[1:]]
    screen = io.StringIO()
    show(
        dataclasses.replace(played, tables=[dataclasses.replace(view, after=after)]),
        Console(file=screen, width=200),
    )
    assert f"did not fit its type, and the row stays: {issues}" in screen.getvalue()


def test_a_load_without_changes_can_be_delivered(tmp_path: Path) -> None:
    (tmp_path / "rounds" / "1" / "shop").mkdir(parents=True)
    (tmp_path / "rounds" / "1" / "shop" / "LOAD00000001.csv").write_text("id\n1\n")
    assert len(deliver(tmp_path / "rounds", 1, tmp_path / "lake")) == 1


def test_a_table_without_living_rows_is_shown_as_such(played: Play) -> None:
    emptied = dataclasses.replace(table(played, "shop.store"), before=[], after=[])
    shown = dataclasses.replace(played, tables=[emptied])
    screen = io.StringIO()
    show(shown, Console(file=screen, width=100))
    assert "cur_shop__store: no living row" in screen.getvalue()


def test_files_get_the_time_of_their_name_and_loads_come_before(tmp_path: Path) -> None:
    deliver(ROOT / "demo" / "rounds", 1, tmp_path)
    deliver(ROOT / "demo" / "rounds", 2, tmp_path)
    folder = tmp_path / "shop" / "public" / "product"
    changed = (folder / "20240102-101500250.csv").stat().st_mtime
    loaded = (folder / "LOAD00000001.csv").stat().st_mtime
    assert dt.datetime.fromtimestamp(changed, dt.UTC).isoformat()[:19] == "2024-01-02T10:15:00"
    assert loaded < changed

"""`lake run`: what it chooses to build, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lake.dbt_project import Event
from lake.errors import LakeError, UsageError
from lake.run import cost, state
from lake.run.choose import Choice, Facts, Node, choose, selectors
from lake.run.once import Options, Run
from lake.run.project import Project, refuse_locked
from lake.run.report import Report
from lakehouse import REPOSITORY, Lakehouse, Table

COLUMNS = {"id": "bigint", "name": "varchar"}
CSV = {"envelope": "s3_csv", "timestamp_column": "ts", "key": ["id"], "header": True}
LOAD = "ts,id,name\n2024-01-01 10:00:00,1,Ada\n2024-01-01 10:00:00,2,Ben\n"
CHANGE = "Op,ts,id,name\nU,2024-01-02 10:00:00,1,Eve\nI,2024-01-02 10:00:00,,nobody\n"
FIRST, SECOND = "2024-01-01 10:00:00", "2024-01-02 10:00:00"

LAT = Node("model.p.lat", ("shop.orders",), "fqn:p.lat", ("main", "lat"), True)
CUR = Node("model.p.cur", ("shop.orders",), "fqn:p.cur", ("main", "cur"))
MART = Node("model.p.mart", ("shop.orders", "shop.items"), "fqn:p.mart", ("main", "mart"))
ITEMS = Node("model.p.items", ("shop.items",), "fqn:p.items", ("main", "items"), True)
NODES = {node.unique_id: node for node in (LAT, CUR, MART, ITEMS)}
BUILT = frozenset(("main", name) for name in ("lat", "cur", "mart", "items"))


def facts(**changes: Any) -> Facts:
    """Two tables of three files each, all read."""
    read = {
        "files": {name: {"readable": 3} for name in ("shop.orders", "shop.items")},
        "reads": {LAT.unique_id: (3, 1), ITEMS.unique_id: (3, 1)},
        "runs": {LAT.unique_id: "2024-01-02", ITEMS.unique_id: "2024-01-02"},
        "relations": BUILT,
    }
    return Facts(**{**read, **changes})


def test_nothing_new_chooses_nothing() -> None:
    assert not choose(NODES.values(), facts(), {})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"files": {"shop.orders": {"readable": 5}, "shop.items": {"readable": 3}}}, "2 unread file(s)"),
        ({"files": {"shop.orders": {"readable": 3, "vanished": 1}, "shop.items": {"readable": 3}}}, "1 unread file(s)"),
        ({"generations": {"shop.orders": (2, "2024-01-03")}}, "generation 2"),
        ({"failures": {"shop.orders": "no such folder"}}, "its files could not be listed"),
        ({"arriving": {"shop.orders": (1, 0)}}, "1 new file(s)"),
        ({"arriving": {"shop.orders": (0, 2)}}, "2 file(s) gone"),
    ],
)  # fmt: skip
def test_a_table_is_chosen_for_a_reason(changes: dict[str, Any], reason: str) -> None:
    choice = choose(NODES.values(), facts(**changes), {})
    assert choice.tables == {"shop.orders": (reason,)}


@pytest.mark.parametrize(
    "changes",
    [
        # held files wait, and superseded or expired ones are not asked for
        {"files": {"shop.orders": {"readable": 3, "held": 2, "superseded": 1, "expired": 9}}},
        # a generation without files that the model has written since
        {"generations": {"shop.orders": (2, "2024-01-01")}},
    ],
)
def test_a_table_that_waits_is_not_chosen(changes: dict[str, Any]) -> None:
    assert not choose([LAT, CUR], facts(**changes), {})


def test_a_node_that_is_missing_changed_or_unfinished_is_chosen_by_itself() -> None:
    relations = BUILT - {("main", "cur")}
    choice = choose(NODES.values(), facts(relations=relations), {MART.unique_id: "changed"})
    assert choice == Choice({}, {CUR.unique_id: "not built yet", MART.unique_id: "changed"})


def test_selectors_name_tables_and_whole_sources_and_single_nodes() -> None:
    tables = ["shop.items", "shop.orders"]
    one = Choice({"shop.orders": ("new",)}, {})
    assert selectors(one, NODES, tables, None) == ["source:shop.orders+"]
    both = Choice(dict.fromkeys(tables, ("new",)), {})
    assert selectors(both, NODES, tables, None) == ["source:shop+"]
    single = Choice(
        {"shop.orders": ("new",)}, {ITEMS.unique_id: "changed", CUR.unique_id: "changed"}
    )
    assert selectors(single, NODES, tables, None) == ["source:shop.orders+", "fqn:p.items+"]
    everything = Choice({}, dict.fromkeys(NODES, "asked for"))
    assert selectors(everything, NODES, tables, None) == []
    assert selectors(one, NODES, tables, {CUR.unique_id}) == ["fqn:p.cur"]


def test_marks_say_what_changed_and_what_was_left_unfinished(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "duckdb.json"
    assert state.read(path) is None
    assert state.stale(None, {"a": "1"}) == {}
    state.write(path, {"a": "1", "b": "1", "c": state.UNFINISHED})
    now = {"a": "1", "b": "2", "c": "1", "d": "1"}
    assert state.stale(state.read(path), now) == {
        "b": "changed",
        "c": "not finished last time",
        "d": "changed",
    }


def test_another_file_in_the_project_is_noticed_and_what_dbt_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "target").mkdir()
    before = state.project_stamp(tmp_path)
    (tmp_path / "target" / "manifest.yml").touch()
    assert state.project_stamp(tmp_path) == before
    (tmp_path / "models" / "one.sql").write_text("select 1")
    assert state.project_stamp(tmp_path) != before


def test_a_locked_database_is_said_in_plain_words() -> None:
    error = (
        'Runtime Error\n  IO Error: Could not set lock on file "/lake.duckdb": Conflicting lock is '
        "held in /usr/bin/python (PID 7). See also https://duckdb.org/docs/connect/concurrency"
    )
    with pytest.raises(LakeError, match=r'"/lake.duckdb".*PID 7\)\..*has ended, then run again'):
        refuse_locked(error)
    refuse_locked("Runtime Error\n  something else")


def test_what_every_statement_of_a_node_cost_is_summed_and_held_against_its_budget() -> None:
    statements = cost.Statements()
    for node, message in [
        ("model.p.lat", "Athena query a1 started"),
        ("model.p.lat", "Athena query a2 started"),
        ("model.p.lat", "Athena query a2 has state SUCCEEDED"),
        ("", "Athena query b1 started"),
    ]:
        data = {"node_info": {"unique_id": node}} if node else {}
        statements.on_event(Event("AdapterEventDebug", "debug", message, data))

    class Client:
        def get_query_execution(self, QueryExecutionId: str) -> dict[str, Any]:
            facts = {"TotalExecutionTimeInMillis": 1500, "DataScannedInBytes": 100}
            return {"QueryExecution": {"Statistics": facts if QueryExecutionId != "b1" else {}}}

    found = cost.costs(Client(), statements.by_node)
    assert found == {"model.p.lat": cost.Cost(2, 3.0, 200), cost.OTHERS: cost.Cost(1, 0.0, 0)}
    assert cost.over_budget(found, {"model.p.lat": {"budget_bytes": 200}}) == []
    assert cost.over_budget(found, {"model.p.lat": {"budget_bytes": 199, "budget_seconds": 2}}) == [
        "lat scanned 200 bytes; its budget_bytes is 199",
        "lat took 3.0 s on Athena; its budget_seconds is 2",
    ]
    wrong = {"model.p.lat": {"budget_bytes": "2 GB", "budget_seconds": 5}}
    assert cost.over_budget(found, wrong) == [
        "lat: budget_bytes is '2 GB'; it must be a number, 0 or greater"
    ]
    assert cost.rows_of(found, wrong)[0] == {
        "node": "model.p.lat",
        "statements": 2,
        "seconds": 3.0,
        "scanned_bytes": 200,
        "budget_seconds": 5,
        "budget_bytes": None,
    }


def test_seconds_are_sums_of_whole_milliseconds() -> None:
    class Client:
        def get_query_execution(self, QueryExecutionId: str) -> dict[str, Any]:
            facts = {"TotalExecutionTimeInMillis": int(QueryExecutionId)}
            return {"QueryExecution": {"Statistics": facts}}

    assert cost.costs(Client(), {"lat": ["100", "200"]}) == {"lat": cost.Cost(2, 0.3, 0)}


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile of the lakehouse's own project, whatever this machine has."""
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)


def run(project: Project, **options: Any) -> Report:
    return Run(project, Options(**options))()


def brief(report: Report) -> dict[str, tuple[int, int, int]]:
    """Files read, rows written and rows rejected of the tables that were built."""
    return {
        table.table: (table.files, table.written, table.rejected)
        for table in report.tables
        if table.reasons or table.files
    }


@pytest.fixture
def lake(tmp_path: Path, profiles: None) -> Iterator[Lakehouse]:
    tables = {name: Table(COLUMNS, CSV) for name in ("orders", "items")}
    made = Lakehouse(tmp_path, tables)
    for name in tables:
        made.put(f"{name}/LOAD00000001.csv", LOAD, FIRST)
    made.add_model(
        "marts/names",
        "{{ config(materialized='table') }}\nselect name from {{ ref('cur_shop__orders') }}",
    )
    yield made


@pytest.mark.long
def test_a_run_builds_what_is_fresh_and_nothing_else(lake: Lakehouse) -> None:
    project = Project.open(lake.project, None)
    planned = run(project, dry_run=True)
    assert set(planned.nodes.values()) == {"not built yet"} and not planned.built
    first = run(project)
    assert not first.errors, first.errors
    assert brief(first) == {"shop.items": (1, 2, 0), "shop.orders": (1, 2, 0)}

    idle = run(project)
    assert (idle.built, idle.tests, idle.nodes, brief(idle)) == (0, 0, {}, {})
    assert "build" not in idle.seconds
    took = state.read(project.seconds_path)
    assert took is not None
    assert all(took[f"model.dms_lake.lat_shop__{name}"] > 0 for name in ("items", "orders"))

    lake.put("orders/20240102-100000000.csv", CHANGE, SECOND)
    planned = run(project, dry_run=True)
    assert {t.table: t.reasons for t in planned.tables if t.reasons} == {
        "shop.orders": ("1 new file(s)",)
    }
    second = run(project)
    assert brief(second) == {"shop.orders": (1, 1, 1)}
    assert "shop.orders: 1 row(s) rejected; see its rej_ table" in second.attention
    later = state.read(project.seconds_path)
    assert later is not None
    assert {name for name in later if later[name] != took[name]} == {
        f"model.dms_lake.{name}"
        for name in (
            "chg_shop__orders",
            "lat_shop__orders",
            "cur_shop__orders",
            "rej_shop__orders",
            "names",
        )
    }
    assert lake.sql("select name from names order by name") == [{"name": "Ben"}, {"name": "Eve"}]

    # changed code is built without new files, by the project as it is now
    lake.add_model("marts/names", "select upper(name) as name from {{ ref('cur_shop__orders') }}")
    assert not project.is_current()
    project = Project.open(lake.project, None)
    changed = run(project)
    assert (changed.nodes, changed.built) == ({"model.dms_lake.names": "changed"}, 1)

    # what fails is said, keeps no other table, and is done again
    lake.put("orders/20240103-100000000.txt", "what is this", "2024-01-03 10:00:00")
    lake.put("items/20240103-100000000.csv", CHANGE, "2024-01-03 10:00:00")
    failed = run(project)
    assert brief(failed)["shop.items"] == (1, 1, 1)
    orders = next(table for table in failed.tables if table.table == "shop.orders")
    assert orders.error and "20240103-100000000.txt" in orders.error
    (lake.lake / "orders/20240103-100000000.txt").unlink()
    mended = run(project)
    assert not mended.errors
    assert "not finished last time" in mended.nodes.values()
    assert run(project).built == 0

    # files that are gone need a person
    (lake.lake / "items/LOAD00000001.csv").unlink()
    gone = run(project)
    assert any("`lake forget-vanished shop.items`" in text for text in gone.attention)
    lake.dbt("run-operation", "forget_vanished", "--args", "{table: shop.items}")
    assert not any("gone" in text for text in run(project).attention)

    # a selection: only of its tables, and only what it names
    again = run(project, select=["lat_shop__orders"], full_refresh=True)
    assert (again.built, [t.table for t in again.tables]) == (1, ["shop.orders"])
    with pytest.raises(UsageError, match="selects nothing"):
        run(project, select=["no_such_model"])


@pytest.mark.long
def test_the_command_says_it_as_json_and_ends_with_1_while_the_file_is_held(
    lake: Lakehouse,
) -> None:
    command = [str(Path(sys.executable).parent / "lake"), "run", "--json"]
    environment = {**os.environ, "DBT_PROFILES_DIR": str(lake.project)}

    def lake_run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=lake.project, env=environment, capture_output=True, text=True, check=False
        )

    done = lake_run()
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {table["table"]: table["written"] for table in said["tables"]} == {
        "shop.items": 2,
        "shop.orders": 2,
    }
    with duckdb.connect(str(lake.database)):
        held = lake_run()
    assert held.returncode == 1
    assert "the DuckDB file is in use" in held.stderr and "PID" in held.stderr
    assert "Traceback" not in held.stderr


@pytest.mark.long
def test_a_run_on_athena_lands_builds_and_maintains(
    tmp_path: Path, athena: AthenaPlace, profiles: None
) -> None:
    lake = AthenaLakehouse(tmp_path, athena, {"orders": Table(COLUMNS, CSV)})
    lake.put("orders/LOAD00000001.csv", LOAD, FIRST)
    lake.land()
    meta = {"config": {"meta": {"dms_lake": {"budget_bytes": 1, "budget_seconds": 600}}}}
    budget = {"models": [{"name": "lat_shop__orders", **meta}]}
    (lake.project / "models" / "budget.yml").write_text(yaml.safe_dump(budget))
    lake.add_model("aud_costs", (REPOSITORY / "models/audit/aud_costs.sql").read_text())
    counted = {"role": "arn:aws:iam::123456789012:role/r", "rows": 1, "changed": 0.5}
    variables = {f"dms_lake_statistics_{name}": value for name, value in counted.items()}
    project = Project.open(lake.project, "athena", variables)
    first = run(project)
    assert not first.errors, first.errors
    assert (brief(first), first.maintained) == ({"shop.orders": (1, 2, 0)}, [])

    idle = run(project)
    assert (idle.built, idle.nodes) == (0, {})
    assert "build" not in idle.seconds and "maintain" not in idle.seconds

    said = []
    for day in range(2, 5):
        change = f"Op,ts,id,name\nU,2024-01-0{day} 10:00:00,1,day {day}\n"
        lake.put(f"orders/2024010{day}-100000000.csv", change, f"2024-01-0{day} 10:00:00")
        lake.upload()
        later = run(project)
        assert not later.errors, later.errors
        assert [(t.landed, t.files, t.written) for t in later.tables] == [(1, 1, 1)]
        said += later.maintained
    # Trino counted what the table was made of; the third time it was begun within the day.
    begun = "lat_shop__orders: column statistics begun; 2 of 4 rows were written since the last"
    assert said == [begun]
    spent = later.costs["model.dms_lake.lat_shop__orders"]
    sent = athena.statements(node="model.dms_lake.lat_shop__orders")
    assert 0 < spent.statements < len(sent) and spent.seconds > 0 and spent.scanned_bytes > 0
    noted = lake.sql(
        "select statements, seconds, scanned_bytes, budget_seconds, budget_bytes, is_over_budget"
        " from aud_costs where name = 'lat_shop__orders' order by noted_at"
    )
    asked = [spent.statements, spent.seconds, spent.scanned_bytes, 600, 1, True]
    assert (len(noted), list(noted[-1].values())) == (4, asked), "a row for each build"
    warned = f"lat_shop__orders scanned {spent.scanned_bytes:,} bytes; its budget_bytes is 1"
    assert warned in later.warnings

    def rows(name: str) -> list[dict[str, Any]]:
        return lake.sql(f'select * from "{name}" order by 1, 2, 3, 4')

    def stored(name: str) -> tuple[int, int, int]:
        """Data files, delete files, snapshots."""
        files = lake.sql(f'select content, count(*) as files from "{name}$files" group by content')
        counts = {row["content"]: row["files"] for row in files}
        snapshots = lake.sql(f'select count(*) as n from "{name}$snapshots"')[0]["n"]
        return counts.get(0, 0), sum(n for content, n in counts.items() if content), snapshots

    names = ["lat_shop__orders", "dms_lake_reads", "dms_lake_files"]
    before = {name: rows(name) for name in names}
    assert stored("lat_shop__orders")[1] > 0
    assert stored("dms_lake_reads")[0] > 2
    settings = {
        "excess_files": 1,
        "deletes_per_file": 0.1,
        "old_snapshots": 2,
        "ledger_hours": 0,
        "table_hours": 0,
    }
    planned, _ = project.maintain(names, settings | {"is_dry": True})
    done, failures = project.maintain(names, settings)
    assert not failures
    assert planned == done and len(done) == len(names)
    assert {name: rows(name) for name in names} == before
    for name in names:
        assert stored(name) == (1, 0, 1), name
    assert project.maintain(names, settings) == ([], {})

    # A table that cannot be maintained keeps no other one; its rows stay as they are.
    change = "Op,ts,id,name\nU,2024-01-05 10:00:00,1,Eve\nI,2024-01-05 10:00:00,,nobody\n"
    lake.put("orders/20240105-100000000.csv", change, "2024-01-05 10:00:00")
    lake.upload()
    assert brief(run(project)) == {"shop.orders": (1, 1, 1)}
    with athena.local.refusing_writes(f"{athena.prefix}tables"):
        done, failures = project.maintain(names, settings)
    assert failures and not done
    assert lake.current("orders") == [{"id": 1, "name": "Eve"}, {"id": 2, "name": "Ben"}]

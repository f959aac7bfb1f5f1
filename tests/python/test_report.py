"""`lake report`: what the page says of every table, safe and readable with thousands of them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from lake import cli
from lake.report.collect import COLUMNS, _seconds
from lake.report.facts import per_day, tables_of
from lake.report.page import bars, page
from lakehouse import REPOSITORY, Lakehouse, Table

NOW = dt.datetime(2024, 3, 2, 12, tzinfo=dt.UTC)


def row(table: str, **found: str) -> list[str]:
    """A row of aud_tables as the macro logs it: null and 0 are empty."""
    names = (
        "files",
        "held",
        "vanished",
        "unread",
        "size",
        "generation",
        "stamp",
        "modified",
        "drift",
        "ties",
        "written",
    )
    usual = {
        "files": "3", "size": "1000", "generation": "1", "stamp": "20240302-101500250",
        "modified": "2024-03-02 10:00:00", "written": "2024-03-02 10:30:00",
    }  # fmt: skip
    return [table, *((usual | found).get(name, "") for name in names)]


def test_age_lag_and_what_needs_a_person_are_said_per_table() -> None:
    rows = [
        row("shop.fine"),
        row("shop.late", unread="2"),
        row("shop.gone", vanished="1", ties="4", drift="1", held="1"),
        row("shop.lost"),
    ]
    counts = [["shop.fine", "10", "9", "1"], ["shop.lost", "10", "8", "1"]]
    found = {table.table: table for table in tables_of(rows, counts, NOW)}
    assert list(found)[-1] == "shop.fine"
    assert (found["shop.fine"].age_hours, found["shop.fine"].lag_hours) == (2.0, 0.5)
    assert found["shop.late"].lag_hours == 2.0
    assert found["shop.late"].attention == ["2 file(s) unread"]
    assert found["shop.lost"].attention == ["rows do not add up"]
    assert found["shop.gone"].attention == [
        "1 file(s) gone", "1 file(s) held back", "1 column(s) undeclared", "4 undecided tie(s)",
    ]  # fmt: skip


def test_rows_written_are_summed_by_day() -> None:
    runs = [
        ["m", "t", count, "", "1", "", f"{day} 10:00:00"]
        for day, count in (("2024-03-02", "5"), ("2024-03-01", "7"), ("2024-03-02", ""))
    ]
    assert per_day(runs) == [{"day": "2024-03-01", "rows": 7}, {"day": "2024-03-02", "rows": 5}]


def test_a_model_took_what_its_last_build_took_by_dbt_or_by_lake_run(tmp_path: Path) -> None:
    by_run = tmp_path / "target" / "lake_run" / "duckdb.seconds.json"
    by_dbt = tmp_path / "target" / "run_results.json"
    project: Any = SimpleNamespace(folder=tmp_path, seconds_path=by_run)
    assert _seconds(project) == {}
    by_run.parent.mkdir(parents=True)
    by_run.write_text('{"model.p.a": 1.0, "model.p.b": 2.0, "seed.p.c": 3.0}')
    by_dbt.write_text('{"results": [{"unique_id": "model.p.a", "execution_time": 4.0}]}')
    for older, found in ((by_run, {"a": 4.0, "b": 2.0}), (by_dbt, {"a": 1.0, "b": 2.0})):
        for path in (by_run, by_dbt):
            os.utime(path, (1, 1) if path == older else (2, 2))
        assert _seconds(project) == found
    by_dbt.write_text("cut o")
    assert _seconds(project) == {"a": 1.0, "b": 2.0}


def facts(count: int) -> dict[str, Any]:
    names = [f"crm.table_{n:04d}" for n in range(count - 1)] + ["crm.<script>alert(1)</script>"]
    svg = bars([{"day": "<b>Monday</b>", "amount": 3.5}], "day", "amount", ["<b>Monday</b>"])
    return {
        "title": "The lake of <demo>", "target": "duckdb", "now": "2024-03-02 12:00", "attention": 0,
        "tables": tables_of([row(name) for name in names], [], NOW), "files": 3 * count, "size_bytes": 1,
        "counted": False, "rows": 0, "placed": 0, "rejected": 0, "columns": COLUMNS,
        "charts": [{"title": "<i>Sales</i>", "svg": svg}], "lists": [("Slowest", ("model",), [("<u>x</u>",)])],
    }  # fmt: skip


def test_a_page_of_2500_tables_is_whole_escaped_and_fetches_nothing() -> None:
    text = page(facts(2500))
    assert text.count("<td>crm.") == 2500
    assert len(text) < 3_000_000
    for injected in ("<script>alert", "<demo>", "<b>Monday", "<i>Sales", "<u>x"):
        assert injected not in text
    for fetching in ("src=", "@import", "<link", "url(http", 'href="http'):
        assert fetching not in text


@pytest.mark.long
def test_the_command_writes_a_page_of_what_the_lake_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table({"id": "bigint"}, {"envelope": "s3_csv", "header": True, "key": ["id"]})
    lake = Lakehouse(tmp_path, {"orders": table})
    lake.put("orders/LOAD00000001.csv", "id\n1\n2\n")
    lake.put("orders/20240302-100000000.csv", "Op,id\nI,3\n?,4\n")
    lake.add_model(
        "marts/by_id",
        "{{ config(materialized='table', meta={'dms_lake': {'chart': {'title': 'By id', 'x': 'id', 'y': 'id'}}}) }}\n"
        "select id from {{ ref('cur_shop__orders') }} where id < {{ var('end') }}",
    )
    given = ("--vars", "end: 10")
    # dbt finds no models behind a link when it runs in the project's own folder.
    (lake.project / "models" / "audit").unlink()
    shutil.copytree(REPOSITORY / "models" / "audit", lake.project / "models" / "audit")
    lake.build(*given)
    monkeypatch.setenv("DBT_PROFILES_DIR", str(lake.project))
    output = tmp_path / "page" / "report.html"
    command = ["report", "--output", str(output), "--project-dir", str(lake.project), *given]
    result = CliRunner().invoke(cli.app, command)
    assert result.exit_code == 0, (result.output, result.exception)
    assert "1 table(s), 0 need a person" in result.output
    text = output.read_text()
    assert "<b>4</b>rows in = 3 applied + 1 rejected" in text
    assert "By id" in text and text.count("<svg") == 2

"""`lake demo --athena` tells the story of `lake demo`: the same rows of every table, from the same places."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lake.demo.on_athena import on_athena
from lake.demo.play import Build, Play, Row, play
from lake.demo.screen import show

ROOT = Path(__file__).resolve().parents[2]
# The times of the runs, and what is made of texts as each engine writes values.
ENGINES_OWN = {"_cdc_processed_at", "_cdc_row_hash", "_cdc_raw_text", "_cdc_undecided"}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    home = tmp_path_factory.mktemp("demo") / "athena"
    with on_athena(ROOT, home, print) as engine:
        return play(ROOT, home, print, engine=engine)


def plain(rows: list[Row]) -> list[Row]:
    """Rows in a fixed order, with names in lower case and the names of their files alone."""
    found = []
    for row in rows:
        kept = {k.lower(): v for k, v in row.items() if k.lower() not in ENGINES_OWN}
        for name in ("_cdc_file_path", "_cdc_row_id"):
            if kept.get(name):
                kept[name] = Path(kept[name]).name
        found.append(kept)
    return sorted(found, key=str)


def test_every_table_has_the_rows_of_duckdb(played: Play, tmp_path: Path) -> None:
    expected = play(ROOT, tmp_path)
    assert [view.name for view in played.tables] == [view.name for view in expected.tables]
    for ours, theirs in zip(played.tables, expected.tables, strict=True):
        for part in ("changes", "before", "after", "deleted", "rejected"):
            assert plain(getattr(ours, part)) == plain(getattr(theirs, part)), (ours.name, part)
    for build, other in zip(played.builds, expected.builds, strict=True):
        assert build.delivered == other.delivered
        assert read(build) == read(other)


def read(build: Build) -> set[tuple[Any, ...]]:
    """What each model read and wrote."""
    return {(run["model"], *run["files"], run["rows_written"]) for run in build.runs}


def test_the_screen_shows_rows_their_places_and_what_each_model_cost(played: Play) -> None:
    file = io.StringIO()
    show(played, Console(file=file, width=100, highlight=False))
    text = file.getvalue()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "-   12 2019-03-15     6 CHICAGO " in text
    assert "+   12 2019-03-15     6 SPRINGFIELD " in text
    assert "tran_id 2 was deleted by 20190319-101500123.parquet:3" in text
    (line,) = [line for line in text.splitlines() if line.startswith("lat_shop__product ")]
    statements, seconds, scanned = line.split()[4:]
    assert int(statements) > 0 and float(seconds) > 0 and int(scanned.replace(",", "")) > 0


def test_what_a_build_cost_is_of_all_statements(played: Play) -> None:
    for build in played.builds:
        for run in build.runs:
            (cost,) = [c for node, c in build.costs.items() if node.endswith(f".{run['model']}")]
            # The unread files, the write, its rows, and two of the ledger.
            assert cost.statements >= 5, run["model"]

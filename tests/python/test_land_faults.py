"""`lake land` killed half-way, beside others, and over files that change: every row is there once afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lake.land import bring
from lake.land.ledger import Ledger
from lake_on_moto import MotoLake, registered_lake
from lakehouse import Table

pytestmark = pytest.mark.long

CSV = {"envelope": "s3_csv", "key": ["id"]}
LOAD, FIRST, SECOND = "LOAD00000001", "20240102-030405123", "20240103-030405123"


class Stop(BaseException):
    """The process is killed."""


# Before or after the n-th write of a kind: a part of the files, or a table of the ledger.
STOPS = {
    "stopped_1": (bring, "commit_files", 1, False),
    "stopped_2": (bring, "commit_files", 1, True),
    "stopped_3": (Ledger, "replace", 1, True),
    "stopped_4": (Ledger, "replace", 2, True),
    "stopped_5": (Ledger, "replace", 3, True),
}


TABLES = {
    name: Table({"id": "integer", "name": "varchar"}, CSV)
    for name in (*STOPS, "beside", "changed", "twins")
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoLake]:
    """A lake on moto with a table for each test, in one project that is parsed once."""
    with registered_lake(tmp_path_factory.mktemp("lake"), TABLES) as lake:
        yield lake


@pytest.mark.parametrize("table", STOPS)
def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next(
    shop: MotoLake, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in a reload, the hardest run: a part of its files, or of its ledger, is written."""
    owner, name, at, is_after = STOPS[table]
    original, calls = getattr(owner, name), 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and not is_after:
            raise Stop
        result = original(*arguments, **named)
        if calls == at:
            raise Stop
        return result

    shop.forget(table)
    shop.deliver(table, f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    shop.deliver(table, f"{FIRST}.csv", "I,2,b\n", "2024-01-02 03:04:06")
    shop.land(table)
    shop.deliver(table, f"{LOAD}.csv", "3,a\n", "2024-01-02 10:00:00")
    shop.deliver(table, f"{SECOND}.csv", "I,4,c\n", "2024-01-03 03:04:06")
    with monkeypatch.context() as patch:
        patch.setattr(bring, "FILES_REWRITTEN", 1)
        patch.setattr(owner, name, counted)
        with pytest.raises(Stop):
            shop.land(table)
    shop.land(table)
    assert sorted(row["id"] for row in shop.raw(table)) == ["2", "3", "4"]
    assert shop.versions(table) == {
        (f"{FIRST}.csv", 1): "1 readable",
        (f"{LOAD}.csv", 1): "1 superseded",
        (f"{LOAD}.csv", 2): "2 readable",
        (f"{SECOND}.csv", 1): "2 readable",
    }
    generations = [(r["generation"], r["state"]) for r in shop.ledger("generations", table)]
    assert generations == [(1, "complete"), (2, "complete")]


@pytest.mark.parametrize("moment", ["before raw", "before ledger"])
def test_a_run_beside_another_adds_nothing_twice(
    shop: MotoLake, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run begins and ends while this one is about to write."""
    owner, name = {
        "before raw": (bring, "commit_files"),
        "before ledger": (Ledger, "replace"),
    }[moment]
    original, is_first = getattr(owner, name), True

    def beside(*arguments: Any, **named: Any) -> Any:
        nonlocal is_first
        if is_first:
            is_first = False
            shop.land("beside")
        return original(*arguments, **named)

    shop.forget("beside")
    for number in range(3):
        shop.deliver("beside", f"LOAD0000000{number}.csv", f"{number},a\n", "2024-01-01 10:00:00")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, beside)
        shop.land("beside")
    assert sorted(row["id"] for row in shop.raw("beside")) == ["0", "1", "2"]
    assert len(shop.ledger("files", "beside")) == 3
    assert len(shop.ledger("generations", "beside")) == 1


def test_a_file_that_changes_while_it_is_landed_is_not_read(
    shop: MotoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.deliver("changed", f"{LOAD}.csv", "1,a\n", "2024-01-01 10:00:00")
    original = bring.bring

    def late(*arguments: Any) -> Any:
        shop.deliver("changed", f"{LOAD}.csv", "2,b\n", "2024-01-01 11:00:00")
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("lake.land.run.bring", late)
        error = shop.land("changed").error
    assert error is not None
    assert "PreconditionFailed" in error
    assert not shop.ledger("files", "changed")
    shop.land("changed")
    assert [row["id"] for row in shop.raw("changed")] == ["2"]


def test_two_processes_at_once_land_each_file_once(shop: MotoLake) -> None:
    for number in range(12):
        shop.deliver("twins", f"LOAD{number:08X}.csv", f"{number},a\n", "2024-01-01 10:00:00")
    program = str(Path(sys.executable).parent / "lake")
    command = [program, "land", "--table", "shop.twins", "--json", "--project-dir"]
    processes = [
        subprocess.Popen([*command, str(shop.project)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [json.loads(process.communicate(timeout=300)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert [item["tables"][0]["error"] for item in said] == [None, None]
    assert sorted(int(row["id"]) for row in shop.raw("twins")) == list(range(12))
    assert len(shop.ledger("files", "twins")) == 12
    assert len(shop.ledger("generations", "twins")) == 1

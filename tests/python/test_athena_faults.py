"""What goes wrong in the middle on Athena: readers keep the old table, and the next run is right."""

from __future__ import annotations

import dataclasses
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import trino
import yaml

from athena_contention import reading, two_writers
from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lake.athena_local.stack import AthenaLocal
from lakehouse import Table

pytestmark = pytest.mark.long

SOURCE = {"envelope": "s3_parquet", "change_seq_column": "seq"}
ROWS = 20_000


@pytest.fixture
def lake(tmp_path: Path, athena: AthenaPlace) -> AthenaLakehouse:
    """A table of many rows, loaded, and a change of every row put but not landed."""
    columns = {"id": "bigint", "note": "varchar"}
    lake = AthenaLakehouse(tmp_path, athena, {"orders": Table(columns, {"key": ["id"]})}, SOURCE)
    lake.put("orders/LOAD00000001.parquet", rows("old"), "2024-01-01 10:00:00")
    lake.build()
    change(lake, "20240102-000000001", "new")
    return lake


def rows(note: str, **more: Any) -> pa.Table:
    """One row for every key."""
    return pa.table({**more, "id": range(ROWS), "note": [note] * ROWS})


def change(lake: AthenaLakehouse, stamp: str, note: str) -> None:
    """Put an update of every key."""
    sequence = [f"{stamp.replace('-', '')}{n:018d}" for n in range(ROWS)]
    table = rows(note, Op=["U"] * ROWS, seq=sequence)
    day = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"
    lake.put(f"orders/{stamp}.parquet", table, f"{day} 00:00:01")


def notes(lake: AthenaLakehouse) -> dict[str, int]:
    """How many living rows have which note."""
    found = lake.sql("select note, count(*) as n from cur_shop__orders group by note")
    return {row["note"]: row["n"] for row in found}


def test_a_run_that_dies_before_its_ledger_reads_again(lake: AthenaLakehouse) -> None:
    break_ledger(lake)
    lake.land()
    assert "died after the commit" in lake.dbt("run").text
    assert notes(lake) == {"new": ROWS}
    lake.mend_macros()
    lake.build()
    assert notes(lake) == {"new": ROWS}
    last = lake.sql("select rows_written from dms_lake_runs order by finished_at desc limit 1")
    assert last == [{"rows_written": 0}], "the guard let a row through that was held already"


def test_a_full_refresh_that_dies_before_its_ledger(lake: AthenaLakehouse) -> None:
    """The table was replaced and nothing was noted: what the older one had read counts no longer."""
    lake.build()
    file = lake.lake / "orders/20240102-000000001.parquet"
    aside = file.rename(lake.home / "aside")
    forced = ("--full-refresh", "--vars", "dms_lake_force_full_refresh: true")
    break_ledger(lake)
    lake.land()
    assert "died after the commit" in lake.dbt("run", *forced).text
    assert notes(lake) == {"old": ROWS}
    lake.mend_macros()
    # The very version that the older table had read comes back.
    aside.rename(file)
    lake.build()
    assert notes(lake) == {"new": ROWS}
    change(lake, "20240103-000000001", "newest")
    lake.build()
    assert notes(lake) == {"newest": ROWS}
    read = "select files_read from dms_lake_runs where model like '%lat%' order by finished_at desc"
    assert lake.sql(f"{read} limit 2") == [{"files_read": 1}, {"files_read": 2}]
    lake.operation("maintain", tables=["dms_lake_reads"], excess_files=1)
    assert len(lake.sql("select distinct build from dms_lake_reads")) == 2
    assert len(lake.sql("select * from dms_lake_reads")) == 2 * 3


MANY = [f"table_{n}" for n in range(6)]


def test_full_refreshes_that_end_at_once_never_conflict_in_the_ledger(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    """No commit is tried again by the adapter here: what models note is only added, so nothing can be in its way."""
    tables = {name: Table({"id": "bigint"}, {"key": ["id"]}) for name in MANY}
    lake = AthenaLakehouse(tmp_path, athena, tables, {"envelope": "s3_csv"})
    profiles = yaml.safe_load((lake.project / "profiles.yml").read_text())
    profiles["dms_lake"]["outputs"]["athena"] |= {"num_iceberg_retries": 0}
    (lake.project / "profiles.yml").write_text(yaml.safe_dump(profiles))
    for name in MANY:
        lake.put(f"{name}/LOAD00000001.csv", "1\n2\n", "2024-01-01 10:00:00")
    lake.build("--threads", "6")
    for _ in range(2):
        outcome = lake.dbt("run", "--full-refresh", "--threads", "6", "--select", "source:shop+")
        assert outcome.success, outcome.text
    runs = lake.sql("select model, count(*) as n from dms_lake_runs group by model")
    assert [row["n"] for row in runs] == [3] * 2 * len(MANY)
    lake.build()
    assert lake.sql("select count(*) as n from dms_lake_runs") == [{"n": 3 * 2 * len(MANY)}]


def break_ledger(lake: AthenaLakehouse) -> None:
    """Let every write die between its commit and its ledger."""
    lake.break_macro(
        "write/_record_run.sql",
        "{%- set reads = dms_lake._ledger('reads') -%}",
        "{%- set reads = dms_lake._fail('test', 'died after the commit') -%}",
    )


def test_s3_refuses_writes(lake: AthenaLakehouse) -> None:
    lake.land()
    tables = f"{lake.place.prefix}tables/{lake.place.database}/lat_shop__orders"
    for arguments in ([], ["--full-refresh"]):
        with lake.place.local.refusing_writes(tables):
            outcome = lake.dbt("run", "--select", "latest", *arguments)
            assert not outcome.success
            assert notes(lake) == {"old": ROWS}
    lake.build()
    assert notes(lake) == {"new": ROWS}
    lake.build("--full-refresh")
    assert notes(lake) == {"new": ROWS}


def test_two_writers_on_one_table(lake: AthenaLakehouse) -> None:
    lake.land()
    two_writers(lake, "latest")
    assert notes(lake) == {"new": ROWS}
    lake.build()
    assert notes(lake) == {"new": ROWS}


def test_a_reader_sees_only_what_was_true(lake: AthenaLakehouse) -> None:
    """A reader in a loop, through merges and full refreshes: never an error, never a count in between."""
    allowed = [{"old": ROWS}, {"new": ROWS}, {"newest": ROWS}]
    with reading(lambda: notes(lake), allowed):
        lake.build()
        lake.build("--full-refresh")
        change(lake, "20240103-000000001", "newest")
        lake.build()
        lake.build("--full-refresh")


@pytest.fixture
def own_athena(tmp_path: Path, athena: AthenaPlace) -> Iterator[AthenaPlace]:
    """A place in a stack of the test's own, whose Trino it may kill."""
    local = AthenaLocal.up(tmp_path / "own-athena", owner=os.getpid())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in local.environment().items():
            patch.setenv(name, value)
        local.client("glue").create_database(DatabaseInput={"Name": athena.database})
        yield dataclasses.replace(athena, local=local)
    local.down()


def test_trino_is_killed_in_the_middle_of_a_merge(tmp_path: Path, own_athena: AthenaPlace) -> None:
    columns = {"id": "bigint", "note": "varchar"}
    tables = {"orders": Table(columns, {"key": ["id"]})}
    lake = AthenaLakehouse(tmp_path / "lake", own_athena, tables, SOURCE)
    lake.put("orders/LOAD00000001.parquet", rows("old"), "2024-01-01 10:00:00")
    lake.build()
    change(lake, "20240102-000000001", "new")
    lake.land()
    writer = lake.start("run", "--select", "latest")
    wait_for_a_merge(own_athena.local)
    os.kill(own_athena.local.trino_pid, signal.SIGKILL)
    said = writer.communicate()[0]
    assert writer.returncode != 0, said[-2000:]

    mended = dataclasses.replace(own_athena, local=own_athena.local.restart_trino())
    lake.place = mended
    assert notes(lake) == {"old": ROWS}
    lake.build()
    assert notes(lake) == {"new": ROWS}


def wait_for_a_merge(local: AthenaLocal) -> None:
    """Return as soon as Trino runs a merge.

    Raises:
        TimeoutError: none was seen in two minutes.
    """
    running = """
        select count(*) from system.runtime.queries
        where state = 'RUNNING' and query like '%merge into%' and query not like '%runtime.queries%'
    """
    host, port = local.trino_url.removeprefix("http://").split(":")
    deadline = time.monotonic() + 120
    with trino.dbapi.connect(host=host, port=int(port), user="watcher") as connection:
        while time.monotonic() < deadline:
            cursor = connection.cursor()
            cursor.execute(running)
            if cursor.fetchall()[0][0]:
                return
    raise TimeoutError("no merge was seen")

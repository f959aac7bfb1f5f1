"""One log in every envelope, on both engines: Athena's rows are DuckDB's rows, and both are the oracle's.

A failing log's seed is printed. Others: `DMS_LAKE_SAME_SEEDS=7,8,9 pytest tests/python/test_same_answers.py -k every`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse, Row
from oracle.batch import Batch, Log, dressed_logs

pytestmark = pytest.mark.long
CUTS = 2
SEEDS = [int(seed) for seed in os.environ.get("DMS_LAKE_SAME_SEEDS", "11,12,13,14").split(",")]
ROOMS = ("lat", "cur", "rej")
# What is each engine's own: when it wrote, its helper, and a path's root. A Parquet file that is registered where it lies
# has no row numbers, and the hash of a row is made of its engine's texts.
OWN = {"_cdc_processed_at", "_cdc_undecided", "_cdc_file_row_number", "_cdc_row_hash"}


class BothEngines(AthenaLakehouse):
    """A lake whose every build runs on Athena, and on DuckDB over the same files."""

    def build(self, *arguments: str) -> Any:
        """Build on both."""
        # dbt parses anew where the target changed: so each keeps its own.
        target = ("--target", "duckdb", "--target-path", str(self.project / "target-duckdb"))
        on_duckdb = Lakehouse.dbt(self, "build", *arguments, *target)
        assert on_duckdb.success, on_duckdb.text
        return super().build(*arguments)


# A log with a load, many changes, and files that come twice: as CSV that leaves columns out, and as a stream.
BRIEF = [log for log in dressed_logs(13) if log.dress in ("partial", "stream")]


def test_one_log_in_two_dresses_has_the_same_rows_on_both_engines(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    batch = Batch(tmp_path, BRIEF, CUTS, lambda home: BothEngines(home, athena, {}))
    for cut in range(CUTS):
        batch.deliver(cut)
        batch.lakehouse.build("--select", "source:shop+")
        check(batch, f"after cut {cut + 1}")


@pytest.mark.nightly
def test_every_envelope_has_the_same_rows_on_both_engines(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    logs = [log for seed in SEEDS for log in dressed_logs(seed)]
    batch = Batch(tmp_path, logs, CUTS, lambda home: BothEngines(home, athena, {}))
    # Tables as small as these would not be asked for the bounds of their keys.
    batch.lakehouse.break_macro("write/_key_bounds.sql", "return(64000000)", "return(0)")
    for cut in range(CUTS):
        batch.deliver(cut)
        batch.lakehouse.build()
        check(batch, f"after cut {cut + 1}")
    incremental = batch.stored_rows()

    athena.sql("delete from dms_lake_reads")
    batch.lakehouse.build()
    assert batch.stored_rows() == incremental, "reading all files again changed rows"

    batch.lakehouse.build("--full-refresh")
    check(batch, "after a full refresh")
    assert batch.stored_rows() == incremental


def check(batch: Batch, when: str) -> None:
    """Both engines and the oracle agree."""
    found = batch.differences() + between_engines(batch)
    assert not found, "\n".join([when, *found])


def between_engines(batch: Batch) -> list[str]:
    """Every table that is not the same on both engines."""
    lines = []
    for log in batch.logs:
        for room in ROOMS:
            query = f'select * from "{room}_shop__{log.name}"'
            athena = rows(log, batch, batch.lakehouse.sql(query))
            duckdb = rows(log, batch, Lakehouse.sql(batch.lakehouse, query))
            if athena != duckdb:
                ours = [*sorted(set(athena) - set(duckdb))[:1], "none"]
                theirs = [*sorted(set(duckdb) - set(athena))[:1], "none"]
                lines.append(
                    f"{room} of {log.name}: {len(athena)} rows on Athena, {len(duckdb)} on DuckDB\n"
                    f"  Athena {ours[0]}\n  DuckDB {theirs[0]}"
                )
    return lines


def rows(log: Log, batch: Batch, found: list[Row]) -> list[str]:
    """The rows of a table as texts, without what is an engine's own."""
    roots = (batch.lakehouse.raw_root, str(batch.lakehouse.lake))
    return sorted(
        str(
            {name.lower(): relative(value, roots) for name, value in row.items() if name not in OWN}
        )
        for row in found
    )


def relative(value: Any, roots: tuple[str, str]) -> Any:
    """A value, a path below either root told from there."""
    if isinstance(value, str):
        for root in roots:
            value = value.replace(root, "")
    return value

"""Reloads and truncates in random logs: incremental in random cuts = full refresh = the oracle, histories too.

A failing seed is printed; run it alone with `DMS_LAKE_ORACLE_SEED=<seed> pytest tests/python/test_oracle_reloads.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from oracle.batch import Log, row_text, spec_of
from oracle.eventful import EventfulBatch, eventful_log, eventful_logs, events_seen

ALONE = os.environ.get("DMS_LAKE_ORACLE_SEED")
CUTS = 3
FORCED = ("--full-refresh", "--vars", "dms_lake_force_full_refresh: true")

pytestmark = pytest.mark.long


def logs(seed: int, count: int) -> list[Log]:
    return [eventful_log(int(ALONE))] if ALONE else eventful_logs(seed, count)


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 24, id="quick"),
        pytest.param(2, 80, id="nightly-a", marks=pytest.mark.nightly),
        pytest.param(3, 80, id="nightly-b", marks=pytest.mark.nightly),
    ],
)
def test_tables_that_are_loaded_anew_or_truncated_are_those_of_the_oracle(
    tmp_path: Path, seed: int, count: int
) -> None:
    batch = EventfulBatch(tmp_path, logs(seed, count), CUTS)
    for cut in range(CUTS):
        batch.deliver(cut)
        batch.lakehouse.build()
        assert not batch.differences(), f"after cut {cut + 1} of {CUTS}"
    if not ALONE:
        assert all(events_seen(batch).values()), events_seen(batch)
    incremental = batch.stored_rows()

    batch.lakehouse.build()
    assert batch.stored_rows() == incremental, "a run with nothing new changed rows"
    living = current_rows(batch)

    batch.forget()
    batch.lakehouse.build(*FORCED)
    assert not batch.differences(), "after a full refresh"
    assert current_rows(batch) == living, "after a full refresh"

    batch.lakehouse.database.unlink()
    batch.lakehouse.build()
    assert current_rows(batch) == living, "in a database that never saw the events"


def current_rows(batch: EventfulBatch) -> dict[str, Counter[str]]:
    """The living rows of every log, business columns only."""
    rows = {}
    for log in batch.logs:
        columns = [column.name for column in spec_of(log).declared]
        found = batch.lakehouse.sql(f'select * from "cur_shop__{log.name}"')
        rows[log.name] = Counter(row_text(row, columns) for row in found)
    return rows

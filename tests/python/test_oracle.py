"""Incremental in random cuts = full refresh = the oracle, over random logs in random shapes (design section 1).

A failing seed is printed; run it alone with `DMS_LAKE_ORACLE_SEED=<seed> pytest tests/python/test_oracle.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oracle.batch import Batch, Log, log_of, logs_of

ALONE = os.environ.get("DMS_LAKE_ORACLE_SEED")
CUTS = 3


def logs(seed: int, count: int) -> list[Log]:
    return [log_of(int(ALONE))] if ALONE else logs_of(seed, count)


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 40, id="quick"),
        pytest.param(2, 80, id="long-a", marks=pytest.mark.long),
        pytest.param(3, 80, id="long-b", marks=pytest.mark.long),
    ],
)
def test_incremental_in_random_cuts_equals_full_refresh_equals_oracle(
    tmp_path: Path, seed: int, count: int
) -> None:
    batch = Batch(tmp_path, logs(seed, count), CUTS)
    for cut in range(CUTS):
        batch.deliver(cut)
        batch.lakehouse.build()
        assert not batch.differences(), f"after cut {cut + 1} of {CUTS}"
    incremental = batch.stored_rows()

    batch.lakehouse.build()
    assert batch.stored_rows() == incremental, "a run with nothing new changed rows"

    batch.lakehouse.build("--full-refresh")
    assert not batch.differences(), "after a full refresh"
    assert batch.stored_rows() == incremental

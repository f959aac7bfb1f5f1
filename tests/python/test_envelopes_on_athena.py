"""The stories of every envelope beside DMS's own S3 files on Athena: the same files through `lake land`, the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest

import test_envelopes as stories
from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse

pytestmark = pytest.mark.long


def test_every_envelope_gives_the_rows_of_duckdb(tmp_path: Path, athena: AthenaPlace) -> None:
    lake = stories.played(AthenaLakehouse(tmp_path, athena, stories.TABLES))
    check(lake)
    lake.build("--full-refresh")
    check(lake)


def check(lake: Lakehouse) -> None:
    """Every envelope's rows, as the stories of DuckDB want them."""
    stories.test_stream(lake)
    stories.test_stream_keeps_every_digit_and_where_a_record_came_from(lake)
    stories.test_converted_stream(lake)
    stories.test_binlog(lake)
    stories.test_snapshots(lake)
    stories.test_append(lake)

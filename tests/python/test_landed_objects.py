"""What became of objects on S3 after they were landed where they lie, and of tables that were never landed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Row, Table

pytestmark = [pytest.mark.long, pytest.mark.nightly]
SOURCE = {"envelope": "s3_parquet", "timestamp_column": "dms_ts", "change_seq_column": "seq"}
TABLES = {
    name: Table({"id": "bigint", "note": "varchar"}, {"key": ["id"]})
    for name in ("gone", "longer", "shorter", "alike", "empty")
}


LANDED, LATER = "2024-01-01 10:00:00", "2024-01-01 11:00:00"


def load(note: str, count: int = 100) -> list[Row]:
    return [{"id": n, "note": f"{note} {n}", "dms_ts": "2024-01-01 00:00:00"} for n in range(count)]


def test_an_object_that_changed_after_it_was_landed(tmp_path: Path, athena: AthenaPlace) -> None:
    """Without `lake land` what cannot be read fails by name; with it the objects as they are now are what is read."""
    lake = AthenaLakehouse(tmp_path, athena, TABLES, SOURCE)
    for name in ("gone", "longer", "shorter", "alike"):
        lake.put(f"{name}/LOAD00000001.parquet", load("landed, and long enough"), LANDED)
    lake.land()
    (lake.lake / "gone/LOAD00000001.parquet").unlink()
    lake.put("longer/LOAD00000001.parquet", load("landed, and long enough", 5000), LATER)
    lake.put("shorter/LOAD00000001.parquet", load("no", 1), LATER)
    lake.put("alike/LOAD00000001.parquet", load("LANDED, AND LONG ENOUGH"), LATER)
    lake.upload()
    forgetful = lake.dbt("run")
    assert not forgetful.success
    for table in ("gone", "longer"):
        assert f"Error in model lat_shop__{table}" in forgetful.text
    for words in (
        "raw/gone/LOAD00000001.parquet` was landed and is gone",
        "longer the object that was landed",
    ):
        assert words in forgetful.text
    assert "no file of `shop.empty` has been landed yet" in forgetful.text

    lake.land()
    outcome = lake.dbt("run")
    assert "are gone" in outcome.text and "before they were read" in outcome.text
    assert set(re.findall(r"Error in model (lat_\w+)", outcome.text)) == {"lat_shop__gone"}
    assert len(lake.current("longer")) == 5000
    assert lake.current("shorter", "note") == [{"note": "no 0"}]
    assert {row["note"][:6] for row in lake.current("alike", "note")} == {"LANDED"}

"""How the demo's files are delivered: each with the time at which it would have been written."""

import datetime as dt
from pathlib import Path

import pytest

from lake.demo.rounds import deliver, moment_of, snapshot_moment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("20190319-101500123.parquet", dt.datetime(2019, 3, 19, 10, 15, 0, 123000, dt.UTC)),
        ("20190319-1015001234.csv", dt.datetime(2019, 3, 19, 10, 15, 0, 123000, dt.UTC)),
        ("clicks-1-2024-03-04-10-15-30-b2", dt.datetime(2024, 3, 4, 10, 15, 30, 0, dt.UTC)),
        ("LOAD00000001.parquet", None),
    ],
)
def test_the_time_in_a_file_name(name: str, moment: dt.datetime | None) -> None:
    assert moment_of(name) == moment


def test_a_snapshot_is_written_on_the_day_of_its_folder() -> None:
    written = dt.datetime(2024, 1, 9, 2, tzinfo=dt.UTC)
    assert snapshot_moment(Path("school/2024-01-09/sis/students/LOAD00000001.csv")) == written
    assert snapshot_moment(Path("shop/public/product/LOAD00000001.csv")) is None


def test_a_load_without_changes_can_be_delivered(tmp_path: Path) -> None:
    (tmp_path / "rounds" / "1" / "shop").mkdir(parents=True)
    (tmp_path / "rounds" / "1" / "shop" / "LOAD00000001.csv").write_text("id\n1\n")
    assert len(deliver(tmp_path / "rounds", 1, tmp_path / "lake")) == 1


def test_files_get_the_time_of_their_name_and_loads_come_before(tmp_path: Path) -> None:
    deliver(ROOT / "demo" / "rounds", 1, tmp_path)
    deliver(ROOT / "demo" / "rounds", 2, tmp_path)
    folder = tmp_path / "shop" / "public" / "product"
    changed = (folder / "20240102-101500250.csv").stat().st_mtime
    loaded = (folder / "LOAD00000001.csv").stat().st_mtime
    assert dt.datetime.fromtimestamp(changed, dt.UTC).isoformat()[:19] == "2024-01-02T10:15:00"
    assert loaded < changed

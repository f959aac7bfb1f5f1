"""What `lake land` lets go: old snapshots of a raw table and the files that only they need; and what it never touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa
import pytest
from pyiceberg.manifest import ManifestFile

from lake.land import commits, expire
from lake_on_moto import MotoLake, registered_lake
from lakehouse import Table

pytestmark = pytest.mark.long

COLUMNS = {"id": "integer", "name": "varchar"}
TABLES = {
    "texts": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"]}),
    "places": Table(
        COLUMNS,
        {"envelope": "s3_parquet", "key": ["id"], "timestamp_column": "ts", "landing": "in_place"},
    ),
    "young": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"]}),
    "set_back": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"]}),
    "once": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"]}),
    "refused": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"]}),
}
ENDING = {
    "texts": "csv",
    "set_back": "csv",
    "refused": "csv",
    "young": "csv",
    "once": "csv",
    "places": "parquet",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoLake]:
    """A lake on moto with a table for each test, in one project that is parsed once."""
    with registered_lake(tmp_path_factory.mktemp("lake"), TABLES) as lake:
        yield lake


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every snapshot is old at once, and two are worth a look."""
    monkeypatch.setattr(expire, "KEPT", dt.timedelta(0))
    monkeypatch.setattr(expire, "AT_ONCE", 2)


def deliver(shop: MotoLake, table: str, day: int, name: str = "") -> None:
    """A change file of the given day, or a load file of that name."""
    if ENDING[table] == "csv":
        content: str | pa.Table = f"{'' if name else 'I,'}{day},row\n"
    else:
        row = {"id": pa.scalar(day, pa.int32()), "name": "row", "ts": f"2024-01-{day:02} 00:00:00"}
        content = pa.Table.from_pylist([row if name else {"Op": "I", **row}])
    stem = name or f"202401{day:02}-030405123"
    shop.deliver(table, f"{stem}.{ENDING[table]}", content, f"2024-01-{day:02} 04:00:00")


def in_place_of(shop: MotoLake, table: str) -> set[str]:
    """Every object in a raw table's place."""
    bucket, _, prefix = shop.loaded(table).location().removeprefix("s3://").partition("/")
    pages = shop.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/")
    return {f"s3://{bucket}/{item['Key']}" for page in pages for item in page.get("Contents", [])}


def reachable(shop: MotoLake, table: str) -> set[str]:
    """Every file that a reader of any snapshot can reach, data files of DMS's own among them."""
    raw = shop.loaded(table)
    found = {raw.metadata_location, *(entry.metadata_file for entry in raw.metadata.metadata_log)}
    for snapshot in raw.snapshots():
        found.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(raw.io):
            found.add(manifest.manifest_path)
            live = manifest.fetch_manifest_entry(raw.io, discard_deleted=True)
            found |= {entry.data_file.file_path for entry in live}
    return found


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("table", ["texts", "places"])
def test_old_snapshots_go_with_the_files_that_only_they_need(shop: MotoLake, table: str) -> None:
    """A load file is written over again and again beside new changes: what is there is what somebody can read."""
    with shop.loaded(table).transaction() as transaction:
        transaction.set_properties({"commit.manifest.min-count-to-merge": "3"})
    most, ever = 0, set[str]()
    for day in range(2, 9):
        if day % 2 == 0:
            deliver(shop, table, day, "LOAD00000001")
        deliver(shop, table, day)
        assert shop.land(table).error is None
        assert shop.warnings == []
        most = max(most, len(shop.loaded(table).snapshots()))
        # The library leaves a manifest that it merges with others before any snapshot needed it.
        ever |= reachable(shop, table)
        assert in_place_of(shop, table) & ever <= reachable(shop, table)
        assert {path for path in reachable(shop, table) if "/dms/" not in path} <= in_place_of(
            shop, table
        )
    gone = {path for path in ever - in_place_of(shop, table) if "/dms/" not in path}
    assert any("/data/" in path or "/copies/" in path for path in gone)
    assert most <= 2 + 2
    assert sorted(int(row["id"]) for row in shop.raw(table)) == [2, 3, 4, 5, 6, 7, 8, 8]
    listed = shop.s3.list_objects_v2(Bucket=shop.place.bucket, Prefix=f"dms/{table}/")
    assert listed["KeyCount"] == 8


def test_a_day_is_kept(shop: MotoLake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that began before a landing reads on."""
    monkeypatch.setattr(expire, "AT_ONCE", 1)
    for day in range(2, 6):
        deliver(shop, "young", day)
        shop.land("young")
    first, *_, last = shop.loaded("young").snapshots()
    assert first.parent_snapshot_id is None
    assert len(shop.loaded("young").scan(snapshot_id=first.snapshot_id).to_arrow()) == 1
    assert len(shop.loaded("young").scan(snapshot_id=last.snapshot_id).to_arrow()) == 4


@pytest.mark.usefixtures("at_once")
def test_where_a_table_was_set_back_no_file_is_removed(shop: MotoLake) -> None:
    """Snapshots that do not follow each other share files in ways that nobody here knows."""
    for day in (2, 3):
        deliver(shop, "set_back", day)
        shop.land("set_back")
    raw = shop.loaded("set_back")
    before = in_place_of(shop, "set_back")
    with raw.manage_snapshots() as manage:
        manage.rollback_to_snapshot(raw.snapshots()[0].snapshot_id)
    for day in (4, 5, 6):
        deliver(shop, "set_back", day)
        shop.land("set_back")
    assert {path for path in before if "metadata.json" not in path} <= in_place_of(shop, "set_back")
    assert len(shop.raw("set_back")) == 4


@pytest.mark.usefixtures("at_once")
def test_what_cannot_be_removed_is_a_warning(
    shop: MotoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are in all the same."""
    monkeypatch.setattr(expire, "split", lambda path: ("no-such-bucket", path))
    for day in range(2, 6):
        deliver(shop, "refused", day)
        assert shop.land("refused").error is None
    assert "shop.refused: removing files that only old snapshots" in " ".join(shop.warnings)
    assert "NoSuchBucket" in " ".join(shop.warnings)
    assert len(shop.raw("refused")) == 4


def test_a_manifest_is_read_once(shop: MotoLake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A landing of many parts does not read what the first ones wrote again and again."""
    for day in (2, 3):
        deliver(shop, "once", day)
        shop.land("once")
    held = commits.Held()
    raw = shop.loaded("once")
    assert len(held.files(raw, lambda path: True)) == 2
    monkeypatch.setattr(ManifestFile, "fetch_manifest_entry", None)
    assert len(held.paths(raw)) == 2
    assert held.files(raw, lambda path: path == "s3://b/another") == []

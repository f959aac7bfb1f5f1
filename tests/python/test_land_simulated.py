"""Every raw row of the simulator's files is landed exactly once, held against the oracle's own reading of the files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lake.land import raw_tables
from lake.simulate import copy_round, generate, random_tables
from lake.simulate.registry import entry_of
from lake_on_moto import MotoLake, moto_environment
from lakehouse import Row
from oracle.files import RawRow, rows_of
from oracle.texts import value_of

pytestmark = pytest.mark.long

ROUNDS = 2


def test_every_row_of_every_file_is_there_once_with_its_path_and_number(tmp_path: Path) -> None:
    specs = random_tables(14, seed=5)
    with moto_environment():
        shop = MotoLake(tmp_path / "home", {})
        lake = generate(tmp_path / "lake", specs, rounds=ROUNDS, seed=5, root=shop.root)
        shop.register_text(lake.registry.read_text(), [])
        for table in shop.described():
            raw_tables.register(shop.aws, table, create_database=True)
        for number in range(ROUNDS + 1):
            for path in copy_round(tmp_path / "lake", number, shop.lake):
                upload(shop, path)
            assert not shop.land_all().failed
        assert any(not table.is_rewritten for table in shop.described())
        for spec in specs:
            compare(shop, entry_of(spec, "shop", shop.root))


def upload(shop: MotoLake, path: Path) -> None:
    """Put a file of the lake's folder on S3, with its own time."""
    key = f"{shop.place.folder}/{path.relative_to(shop.lake).as_posix()}"
    shop.s3.upload_file(str(path), shop.place.bucket, key)
    shop.set_time(key, datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None))


def compare(shop: MotoLake, entry: dict[str, Any]) -> None:
    """Hold the raw table of one source table against its files."""
    files = sorted(path for path in (shop.lake / entry["name"]).rglob("*") if path.is_file())
    expected = {
        f"{shop.root}/{path.relative_to(shop.lake).as_posix()}": list(rows_of(entry, path))
        for path in files
    }
    expected = {path: rows for path, rows in expected.items() if rows}
    if shop.described(entry["name"])[0].is_rewritten:
        landed: dict[str, list[Row]] = {}
        for row in shop.raw(entry["name"]):
            landed.setdefault(row["_raw_file_path"], []).append(row)
        assert {path: list(map(facts, rows)) for path, rows in landed.items()} == {
            path: [facts_of(entry, row) for row in rows] for path, rows in expected.items()
        }
        for path, rows in landed.items():
            for row, raw in zip(rows, expected[path], strict=True):
                assert raw.problem or values(entry, row) == raw.values, (path, raw.number)
    else:
        counts = {item.file_path: item.record_count for item in shop.data_files(entry["name"])}
        assert {path: count for path, count in counts.items() if count} == {
            path: len(rows) for path, rows in expected.items()
        }


def facts(row: Row) -> tuple[Any, ...]:
    """What every landed row says of itself."""
    if row.get("_raw_problem"):
        return (row["_raw_file_row_number"], "problem")
    operation = row["_raw_operation"] if "_raw_operation" in row else row["Op"]
    return (row["_raw_file_row_number"], operation)


def facts_of(entry: dict[str, Any], raw: RawRow) -> tuple[Any, ...]:
    """The same of a row that the oracle read."""
    return (raw.number, "problem") if raw.problem else (raw.number, raw.operation)


def values(entry: dict[str, Any], row: Row) -> dict[str, Any]:
    """A landed row's declared columns, texts as their types."""
    found = {}
    for column in entry["columns"]:
        value = row[column["name"]]
        if entry["envelope"] == "s3_csv" and value is not None:
            value = value_of(value, column["data_type"])
        found[column["name"]] = value
    return found

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from lake.simulate import (
    FULL_DISORDER,
    KEY_KINDS,
    Disorder,
    Lake,
    Mix,
    Reload,
    Shape,
    TableSpec,
    Truncate,
    as_records,
    copy_round,
    generate,
    random_shape,
    random_tables,
    with_partial_images,
)
from lake.simulate.names import change_path, load_path
from oracle import replay

ROUNDS = 3


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return rows


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: repr(list(row.values())))


def wrong_rounds(lake: Lake) -> tuple[list[str], int]:
    """The (table, round) whose truth the oracle does not confirm, and how many were compared."""
    wrong, compared = [], 0
    for name, table in lake.tables.items():
        for number, truth in enumerate(table.truth):
            if not (table.spec.is_decidable and table.is_complete[number] and truth):
                continue
            compared += 1
            found = replay(table.entry, lake.delivered(name, number))
            same = in_order(list(found.current.values())) == in_order(rows_of(truth))
            if not same or found.issues:
                wrong.append(f"{name} after round {number}: {table.spec}")
    return wrong, compared


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_truth_is_what_the_oracle_replays(tmp_path: Path, seed: int) -> None:
    tables = random_tables(20, seed, null_keys=False)
    wrong, compared = wrong_rounds(generate(tmp_path, tables, ROUNDS, seed))
    assert not wrong
    assert compared > 40


def test_null_keys_are_rejected_and_change_nothing_else(tmp_path: Path) -> None:
    spec = TableSpec("orders", 50, 300, "pair", disorder=Disorder(null_keys=0.1))
    lake = generate(tmp_path, [spec], 1)
    found = replay(lake.tables["orders"].entry, lake.delivered("orders"))
    assert {rejected.reason for rejected in found.rejected} == {"null key"}
    assert not wrong_rounds(lake)[0]


@pytest.mark.parametrize("envelope", ["s3_csv", "s3_parquet"])
@pytest.mark.parametrize("kind", KEY_KINDS)
def test_full_disorder_of_every_key(tmp_path: Path, envelope: Any, kind: Any) -> None:
    disorder = FULL_DISORDER if kind != "none" else FULL_DISORDER.without_key()
    shape = Shape(envelope, rows_per_file=30, load_files=3, resolution="second")
    mix = Mix(key_changes=0.2, hot_keys=6)
    spec = TableSpec("orders", 40, 200, kind, shape=shape, disorder=disorder, mix=mix)
    wrong, compared = wrong_rounds(generate(tmp_path, [spec], ROUNDS))
    assert not wrong
    assert compared >= 2


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("first", 5), ("second", 5), ("other", 6)):
        generate(tmp_path / name, random_tables(6, 5), ROUNDS, seed)
    first = contents(tmp_path / "first")
    assert first == contents(tmp_path / "second")
    assert first != contents(tmp_path / "other")


def test_the_registry_holds_every_fact_of_a_table(tmp_path: Path) -> None:
    root = "{{ var('lake_root') }}/shop"
    lake = generate(tmp_path, [TableSpec("orders", 5, 5, shape=Shape("s3_csv"))], 1, root=root)
    source = yaml.safe_load(lake.registry.read_text(encoding="utf-8"))["sources"][0]
    assert (source["name"], source["schema"]) == ("shop", "raw_shop")
    assert source["config"]["meta"]["dms_lake"]["root"] == root
    facts = source["tables"][0]["config"]["meta"]["dms_lake"]
    assert facts["key"] == ["id"]
    assert facts["compression"] == "none"
    assert source["tables"][0]["columns"][0] == {"name": "id", "data_type": "bigint"}


def test_load_counters_are_hexadecimal_and_start_anew_per_segment() -> None:
    assert load_path(Shape("s3_csv"), 0, 10) == "LOAD0000000A.csv"
    assert load_path(Shape(load_segments=2), 1, 1) == "segment2/LOAD00000001.parquet"


@pytest.mark.parametrize(
    ("folders", "path"),
    [
        (None, "20240102-030405006.csv.gz"),
        (("YYYYMMDD", "SLASH"), "2024/01/02/20240102-030405006.csv.gz"),
        (("YYYYMMDDHH", "DASH"), "2024-01-02-03/20240102-030405006.csv.gz"),
        (("MMYYYYDD", "NONE"), "01202402/20240102-030405006.csv.gz"),
        (("DDMMYYYY", "UNDERSCORE"), "02_01_2024/20240102-030405006.csv.gz"),
    ],
)
def test_change_files_lie_in_their_date_folder(folders: Any, path: str) -> None:
    shape = Shape("s3_csv", gzip=True, date_folders=folders)
    assert change_path(shape, datetime(2024, 1, 2, 3, 4, 5, 6_789)) == path


@pytest.mark.parametrize(
    ("position", "first", "last"),
    [
        ("after_op", ["Op", "ts", "id"], ["BI_id", "seq"]),
        ("before_op", ["ts", "Op", "id"], ["BI_id", "seq"]),
        ("last", ["Op", "id"], ["BI_id", "seq", "ts"]),
    ],
)
def test_fields_stand_where_dms_puts_them(
    tmp_path: Path, position: Any, first: list[str], last: list[str]
) -> None:
    shape = Shape("s3_csv", True, False, "ts", position, "seq")
    lake = generate(tmp_path, [TableSpec("orders", 3, 5, shape=shape)], 1)
    load, change = (
        lake.path(n, lake.tables["orders"].files[n][0]).read_text().split("\n")[0].split(",")
        for n in (0, 1)
    )
    assert change[: len(first)] == first
    assert change[-len(last) :] == last
    assert load == [name for name in change if name != "Op"]


def test_a_load_row_is_stamped_later_than_changes_that_raced_it(tmp_path: Path) -> None:
    shape = Shape("s3_parquet", op_in_load=True)
    spec = TableSpec("orders", 50, 200, shape=shape, disorder=Disorder(raced_load=0.5))
    lake = generate(tmp_path, [spec], 1)
    (load,), (change, *_) = (rows_of_round(lake, n) for n in (0, 1))
    assert min(r["dms_ts"] for r in load) > min(r["dms_ts"] for r in change)
    loaded = {r["id"] for r in load}
    assert loaded & {r["id"] for r in change if r["Op"] == "I"}
    assert {r["id"] for r in change if r["Op"] == "D"} - loaded


def rows_of_round(lake: Lake, number: int) -> list[list[dict[str, Any]]]:
    return [rows_of(lake.path(number, file)) for file in lake.tables["orders"].files[number]]


def test_repeats_keep_commit_time_and_sequence(tmp_path: Path) -> None:
    disorder = Disorder(duplicate_files=1, replayed_files=1)
    shape = Shape(rows_per_file=20)
    lake = generate(tmp_path, [TableSpec("orders", 9, 90, shape=shape, disorder=disorder)], 1)
    rows = [tuple(row.items()) for file in rows_of_round(lake, 1) for row in file]
    sequences = {dict(row)["ar_h_change_seq"] for row in rows}
    assert len(rows) > 2 * len(sequences)
    assert len(set(rows)) == len(sequences)
    assert {len(sequence) for sequence in sequences} == {35}


def test_a_delete_may_carry_its_key_alone(tmp_path: Path) -> None:
    shape = Shape(key_only_deletes=True)
    lake = generate(tmp_path, [TableSpec("orders", 9, 90, shape=shape)], 1)
    deletes = [row for file in rows_of_round(lake, 1) for row in file if row["Op"] == "D"]
    names = [column.name for column in lake.tables["orders"].spec.columns]
    assert deletes
    assert all(row["id"] is not None for row in deletes)
    assert not any(row[name] is not None for row in deletes for name in names)


def test_late_files_make_a_round_incomplete_and_the_last_complete(tmp_path: Path) -> None:
    spec = TableSpec("orders", 9, 90, disorder=Disorder(late_files=1))
    table = generate(tmp_path, [spec], ROUNDS).tables["orders"]
    assert table.is_complete == [True, False, False, True]


def rows_of_truth(lake: Lake) -> list[dict[str, Any]]:
    path = lake.tables["orders"].truth[-1]
    assert path
    return rows_of(path)


def test_awkward_texts_come_through_a_csv_reader(tmp_path: Path) -> None:
    shape = Shape("s3_csv", header=True, delimiter="|", gzip=True)
    lake = generate(tmp_path, [TableSpec("orders", 2_000, 0, "code", shape=shape)], 0)
    path = lake.delivered("orders")[0]
    sql = (
        "select count(distinct note) from read_csv($1, delim='|', all_varchar=true, nullstr='NULL')"
    )
    with duckdb.connect() as con:
        row = con.execute(sql, [str(path)]).fetchone()
    notes = {r["note"] for r in rows_of_truth(lake)}
    assert row is not None and row[0] == len(notes - {None})
    assert {"", "two\nlines", "windows\r\nline", 'say "hello"'} <= notes


def test_rounds_are_copied_with_their_times(tmp_path: Path) -> None:
    lake = generate(tmp_path / "simulated", [TableSpec("orders", 9, 9)], 1)
    (copy,) = copy_round(lake.out, 1, tmp_path / "live")
    assert copy.relative_to(tmp_path / "live").parts[:2] == ("shop", "orders")
    assert copy.stat().st_mtime == lake.delivered("orders")[-1].stat().st_mtime
    with pytest.raises(FileNotFoundError, match="no round 7"):
        copy_round(lake.out, 7, tmp_path / "live")


def test_a_reload_writes_over_old_load_files_and_a_truncate_leaves_only_what_follows(
    tmp_path: Path,
) -> None:
    shape = Shape(load_files=3, change_seq_column=None)
    events = (Reload(after=1, load_files=2), Truncate(before=3))
    lake = generate(tmp_path / "out", [TableSpec("orders", 30, 60, shape=shape, events=events)], 3)
    entry, truth = lake.tables["orders"].entry, lake.tables["orders"].truth
    for number in range(4):
        copy_round(lake.out, number, tmp_path / "live")
        files = sorted(p for p in (tmp_path / "live").rglob("*") if p.is_file())
        times = {p.name: p.stat().st_mtime for p in files}
        if number == 1:
            changed = max(moment for name, moment in times.items() if "LOAD" not in name)
            reloaded = [p for p in files if times[p.name] > changed]
            assert [p.stem for p in reloaded] == ["LOAD00000001", "LOAD00000002"]
            files = reloaded
        rows = replay(entry, files).current.values()
        expected = truth[number]
        assert expected and in_order(list(rows)) == in_order(rows_of(expected)), number
        # After a truncate neither the load files nor the changes before it are there.
        assert bool([name for name in times if "LOAD" in name]) == (number < 3)


def test_wrong_requests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="its own name"):
        generate(tmp_path, [], 1)
    with pytest.raises(ValueError, match="late_files is 2"):
        Disorder(late_files=2)
    with pytest.raises(ValueError, match="delimiter"):
        Shape(delimiter="||")
    with pytest.raises(ValueError, match="give each gap one at most"):
        TableSpec("orders", events=(Reload(after=2), Truncate(before=3)))
    with pytest.raises(ValueError, match="there are 2 rounds"):
        generate(tmp_path, [TableSpec("orders", events=(Truncate(before=3),))], 2)
    generate(tmp_path, [TableSpec("orders", 1, 1)], 0)
    with pytest.raises(FileExistsError):
        generate(tmp_path, [TableSpec("orders", 1, 1)], 0)


def test_random_shapes_draw_every_option() -> None:
    rng = random.Random(1)
    shapes = [random_shape(rng) for _ in range(200)]
    shapes += [as_records(shape, rng) for shape in shapes]
    shapes += [with_partial_images(shapes[0])]
    assert all(len({getattr(s, name) for s in shapes}) > 1 for name in Shape.__dataclass_fields__)

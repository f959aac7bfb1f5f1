from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from oracle import DmsFile, Issue, Replay, replay
from oracle.texts import value_of

ENTRY = {
    "envelope": "s3_csv",
    "key": ["id"],
    "timestamp_column": "ts",
    "columns": [{"name": "id", "data_type": "bigint"}, {"name": "name", "data_type": "varchar"}],
}
WITH_SEQUENCE = ENTRY | {"change_seq_column": "seq"}
KEYLESS = ENTRY | {"key": []}
T1, T2 = "2024-01-01 00:00:01.000000", "2024-01-01 00:00:02.000000"
LOAD, FIRST, SECOND = "LOAD00000001.csv", "20240101-000005000.csv", "20240101-000006000.csv"


@pytest.fixture
def played(tmp_path: Path) -> Any:
    """Write named texts as files and replay them."""

    def play(files: dict[str, str], entry: dict[str, Any] = ENTRY) -> Replay:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return replay(entry, [tmp_path / name for name in files])

    return play


def names(found: Replay) -> dict[int, str | None]:
    return {key[0]: row["name"] for key, row in found.current.items()}


def test_a_load_row_is_below_every_change_whatever_its_time(played: Any) -> None:
    found = played({LOAD: f"{T2},1,loaded\n", FIRST: f"U,{T1},1,changed\n"})
    assert names(found) == {1: "changed"}


def test_a_load_row_stays_below_without_any_time_or_sequence(played: Any) -> None:
    entry = ENTRY | {"timestamp_column": None}
    found = played({LOAD: "1,loaded\n", FIRST: "U,1,changed\n"}, entry)
    assert names(found) == {1: "changed"}


def test_the_change_sequence_is_compared_before_the_commit_time(played: Any) -> None:
    low, high = "2" * 34 + "1", "2" * 34 + "3"
    rows = f"U,{T1},1,later,{high}\nU,{T2},1,earlier,{low}\n"
    assert names(played({FIRST: rows}, WITH_SEQUENCE)) == {1: "later"}


def test_a_row_without_sequence_is_older_than_one_with(played: Any) -> None:
    rows = f"U,{T1},1,with,{'2' * 35}\nU,{T2},1,without,NULL\nU,{T2},1,empty,\n"
    assert names(played({FIRST: rows}, WITH_SEQUENCE)) == {1: "with"}


def test_the_commit_time_is_compared_before_the_file(played: Any) -> None:
    files = {FIRST: f"U,{T2},1,late\n", SECOND: f"U,{T1},1,early\n"}
    assert names(played(files)) == {1: "late"}


def test_a_row_without_commit_time_is_older(played: Any) -> None:
    files = {FIRST: f"U,{T1},1,timed\n", SECOND: "U,NULL,1,timeless\n"}
    assert names(played(files)) == {1: "timed"}


def test_the_stamp_is_compared_and_not_the_folder(played: Any) -> None:
    files = {f"2024/{SECOND}": f"U,{T1},1,second\n", f"9/{FIRST}": f"U,{T1},1,first\n"}
    assert names(played(files)) == {1: "second"}


def test_digits_after_the_seconds_are_a_fraction(played: Any) -> None:
    files = {
        "20240102-03040513.csv": f"U,{T1},1,later\n",
        "20240102-0304051230.csv": f"U,{T1},1,earlier\n",
    }
    assert names(played(files)) == {1: "later"}


def test_load_counters_are_compared_as_hexadecimal(played: Any) -> None:
    found = played({"LOAD00000010.csv": f"{T1},1,ten\n", "LOAD0000000F.csv": f"{T1},1,nine\n"})
    assert names(found) == {1: "ten"}


def test_rows_of_one_file_and_time_follow_their_number(played: Any) -> None:
    rows = f"I,{T1},1,a\nD,{T1},1,a\nI,{T1},1,b\nI,{T1},2,c\nD,{T1},2,c\n"
    found = played({FIRST: rows})
    assert names(found) == {1: "b"}
    assert found.tombstones == {(2,)}
    assert found.undecided_ties == 0


def test_a_place_shared_by_different_rows_is_an_undecided_tie(played: Any) -> None:
    rows = {f"{n}/{FIRST}": f"U,{T1},1,{n}\nU,{T1},2,same\n" for n in "ab"}
    assert played(rows).undecided_ties == 1


def test_of_an_undecided_tie_the_delete_wins(played: Any) -> None:
    found = played({f"a/{FIRST}": f"D,{T1},1,NULL\n", f"b/{FIRST}": f"U,{T1},1,x\n"})
    assert found.tombstones == {(1,)}


def test_an_update_is_an_upsert_and_an_unknown_delete_leaves_a_tombstone(played: Any) -> None:
    found = played({FIRST: f"U,{T1},1,a\nD,{T1},2,NULL\n"})
    assert names(found) == {1: "a"}
    assert found.tombstones == {(2,)}


def test_a_late_older_change_does_not_bring_a_deleted_row_back(played: Any) -> None:
    found = played({FIRST: f"D,{T2},1,NULL\n", SECOND: f"U,{T1},1,old\n"})
    assert not found.current


def test_a_key_change_deletes_the_old_key(played: Any) -> None:
    entry = ENTRY | {"before_image_prefix": "BI_"}
    rows = f"I,{T1},1,a,NULL\nU,{T1},2,b,1\nU,{T2},2,c,2\nU,{T2},3,d,NULL\n"
    found = played({FIRST: rows}, entry)
    assert names(found) == {2: "c", 3: "d"}
    assert found.tombstones == {(1,)}


def test_a_key_change_that_cannot_be_read_is_rejected(played: Any) -> None:
    rows = f"I,{T1},1,a,NULL\nU,{T2},2,b,1.0\nU,{T2},1,c,\nI,{T2},3,d,x\n"
    found = played({FIRST: rows}, ENTRY | {"before_image_prefix": "BI_"})
    assert names(found) == {1: "c", 3: "d"}
    assert [(r.row_number, r.reason) for r in found.rejected] == [(2, "unparsable before-image")]


def test_a_later_load_takes_away_what_it_lacks(tmp_path: Path) -> None:
    for name, text in (("a", f"{T1},1,x\n{T1},2,y\n"), ("b", f"{T1},1,z\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / LOAD).write_text(text)
    (tmp_path / FIRST).write_text(f"U,{T2},1,change\n")
    files = [tmp_path / "a" / LOAD, tmp_path / FIRST]
    found = replay(ENTRY, [*files, DmsFile(tmp_path / "b" / LOAD, generation=2)])
    assert names(found) == {1: "z"}
    assert found.tombstones == {(2,)}


def test_a_table_without_key_keeps_every_row_but_no_row_twice(played: Any) -> None:
    files = {LOAD: f"{T1},1,a\n{T1},1,a\n", FIRST: f"I,{T1},1,a\nU,{T1},1,b\nD,{T1},1,b\n"}
    found = played(files, KEYLESS)
    assert len(found.current) == 3
    assert [r.reason for r in found.rejected] == ["unknown: update or delete without a key"] * 2
    rows = f"I,{T1},1,a,{'2' * 35}\n"
    again = played({FIRST: rows, SECOND: rows}, WITH_SEQUENCE | {"key": []})
    assert len(again.current) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"I,{T1},NULL,a", "null key"),
        (f"I,{T1},x,a", "null key"),
        (f"X,{T1},1,a", "unknown operation"),
        (f"NULL,{T1},1,a", "unknown operation"),
        ("U,yesterday,1,a", "unparsable commit time"),
        (f"U,{T1},1", "wrong column count"),
        (f"U,{T1},1,a,b", "wrong column count"),
    ],
)
def test_what_cannot_be_placed_is_rejected(played: Any, row: str, reason: str) -> None:
    found = played({FIRST: f"I,{T1},7,good\n{row}\n"})
    assert names(found) == {7: "good"}
    assert [(r.row_number, r.reason) for r in found.rejected] == [(2, reason)]


def test_a_text_that_does_not_fit_is_noted_and_the_row_stays(played: Any, tmp_path: Path) -> None:
    entry = ENTRY | {"columns": [*ENTRY["columns"], {"name": "n", "data_type": "integer"}]}
    found = played({FIRST: f"I,{T1},1,a,2147483648\nI,{T1},2,b,\nI,{T1},3,c,5\n"}, entry)
    assert [row["n"] for row in found.current.values()] == [None, None, 5]
    assert found.issues == [Issue(tmp_path / FIRST, 1, "n", "2147483648")]


def test_null_token_empty_text_quotes_and_line_breaks(played: Any) -> None:
    rows = f'I,{T1},1,NULL\nI,{T1},2,\nI,{T1},3,"a,""b""\r\nc"\n'
    assert names(played({FIRST: rows})) == {1: None, 2: "", 3: 'a,"b"\r\nc'}
    assert names(played({FIRST: rows}, ENTRY | {"null_token": ""}))[2] is None


def test_a_header_names_the_fields_in_any_order(played: Any) -> None:
    rows = f"NAME|op|Id|ts\na|I|1|{T1}\n"
    found = played({FIRST: rows}, ENTRY | {"header": True, "delimiter": "|"})
    assert names(found) == {1: "a"}


@pytest.mark.parametrize(
    ("position", "row"),
    [("before_op", f"{T1},I,1,a\n"), ("last", f"I,1,a,{T1}\n"), ("after_op", f"I,{T1},1,a\n")],
)
def test_the_timestamp_stands_where_the_entry_says(played: Any, position: str, row: str) -> None:
    assert names(played({FIRST: row}, ENTRY | {"timestamp_position": position})) == {1: "a"}


def test_gzip_and_operation_in_the_load(tmp_path: Path) -> None:
    path = tmp_path / "LOAD00000001.csv.gz"
    path.write_bytes(gzip.compress(f"I,{T1},1,a\n,{T1},2,b\n".encode()))
    assert names(replay(ENTRY | {"op_in_load": True}, [path, path])) == {1: "a", 2: "b"}


def test_parquet_is_read_by_name_and_a_missing_column_is_null(tmp_path: Path) -> None:
    columns = {"op": ["I"], "ts": [T1], "ID": [1], "at": [datetime(2024, 1, 1)]}
    pq.write_table(pa.table(columns), tmp_path / "20240101-000005000.parquet")
    found = replay(ENTRY | {"envelope": "s3_parquet"}, [tmp_path / "20240101-000005000.parquet"])
    assert names(found) == {1: None}


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").touch()
    (tmp_path / "notes.csv").write_text("I\n")
    with pytest.raises(ValueError, match="neither a load file nor a change file"):
        replay(ENTRY | {"header": True}, [tmp_path / "notes.csv"])


@pytest.mark.parametrize(
    ("text", "data_type", "value"),
    [
        ("", "bigint", None),
        ("9223372036854775807", "bigint", 9223372036854775807),
        ("9223372036854775808", "bigint", None),
        (" 1", "integer", None),
        ("1.5", "integer", None),
        ("1.50", "decimal(12,2)", Decimal("1.50")),
        ("1.500", "decimal(12,2)", Decimal("1.50")),
        ("1.505", "decimal(12,2)", None),
        ("10000000000", "decimal(12,2)", None),
        ("1e3", "double", 1000.0),
        ("one", "double", None),
        ("T", "boolean", True),
        ("0", "boolean", False),
        ("yes", "boolean", None),
        ("2024-02-29", "date", date(2024, 2, 29)),
        ("2023-02-29", "date", None),
        ("2024-01-02 03:04:05.000006", "timestamp", datetime(2024, 1, 2, 3, 4, 5, 6)),
        ("2024-01-02T03:04Z", "timestamp", datetime(2024, 1, 2, 3, 4)),
        ("2024-01-02", "timestamp", None),
    ],
)
def test_texts_as_values(text: str, data_type: str, value: Any) -> None:
    assert value_of(text, data_type) == value

"""What `lake land` decides without a lake: pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.schema import Schema
from pyiceberg.typedef import Record
from pyiceberg.types import (
    DecimalType,
    DoubleType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
)

from conftest import Render
from lake.errors import UsageError
from lake.land.bring import parts
from lake.land.commits import Landed, difference, marks_of, path_mark, version_mark
from lake.land.decide import work_of
from lake.land.in_place import holds
from lake.land.ledger import settled
from lake.land.listing import FEW_FILES, KnownFile, S3Object, start_after
from lake.land.project import RawTable, reason_of
from lake.land.raw_tables import differences, iceberg_type
from lake.land.run import opening

NOW = datetime(2024, 1, 10, 12)


def table(*columns: tuple[str, str]) -> RawTable:
    return RawTable(
        "shop.orders",
        "shop",
        "orders",
        "s3://b/shop",
        "s3://b/shop/orders",
        "s3://b/shop/orders",
        True,
        columns,
        True,
        "select 1",
        None,
        {},
        None,
        None,
        (),
        "",
        "v",
    )


def known(count: int, folder: str = "", minutes: int = 1) -> list[KnownFile]:
    files = [KnownFile("s3://b/t/LOAD00000001.csv", 1, NOW, "LOAD00000001", "load")]
    for number in range(count):
        moment = datetime(2024, 1, 1) + timedelta(minutes=number * minutes)
        stamp = moment.strftime("%Y%m%d-%H%M%S000")
        place = moment.strftime(folder)
        files.append(KnownFile(f"s3://b/t/{place}{stamp}.csv", 1, moment, stamp, "change"))
    return files


def test_a_small_folder_is_listed_whole() -> None:
    assert start_after(known(100)) is None


def test_a_large_folder_is_listed_from_a_day_before_its_newest_change() -> None:
    after = start_after(known(FEW_FILES))
    newest = datetime(2024, 1, 1) + timedelta(minutes=FEW_FILES - 1)
    expected = newest - timedelta(days=1, minutes=1)
    assert after == f"s3://b/t/{expected:%Y%m%d-%H%M%S}000.csv"


def test_date_folders_with_the_year_first_are_listed_from_a_day_before() -> None:
    after = start_after(known(FEW_FILES, "%Y/%m/%d/"))
    assert after is not None
    assert after.startswith("s3://b/t/2024/01/03/")


def test_date_folders_with_the_day_first_are_listed_whole() -> None:
    assert start_after(known(FEW_FILES, "%d/%m/%Y/", minutes=20)) is None


def test_load_files_are_always_after_the_place_where_a_listing_starts() -> None:
    after = start_after(known(FEW_FILES))
    assert after is not None
    assert after < "s3://b/t/LOAD00000001.csv" < "s3://b/t/SEGMENT1_LOAD00000001.csv"


def test_a_large_folder_of_firehose_files_is_listed_from_a_day_before_too() -> None:
    files = []
    for number in range(FEW_FILES):
        moment = datetime(2024, 1, 1) + timedelta(minutes=number)
        stamp = f"{moment:%Y-%m-%d-%H-%M-%S}"
        path = f"s3://b/t/{moment:%Y/%m/%d/%H}/s-1-{stamp}-u"
        files.append(KnownFile(path, 1, moment, stamp, "change"))
    newest = datetime(2024, 1, 1) + timedelta(minutes=FEW_FILES - 1)
    expected = newest - timedelta(days=1, minutes=1)
    assert (
        start_after(files) == f"s3://b/t/{expected:%Y/%m/%d/%H}/s-1-{expected:%Y-%m-%d-%H-%M-%S}-u"
    )


def test_freely_named_files_are_listed_whole() -> None:
    names = [f"events-{number:06}.json" for number in range(FEW_FILES)]
    assert (
        start_after([KnownFile(f"s3://b/t/{name}", 1, NOW, name, "change") for name in names])
        is None
    )


@pytest.mark.parametrize(
    ("path", "is_held"),
    [
        ("s3://b/day=2024-01-02/sis/students/a.csv", True),
        ("s3://b/day=2024-01-02/sis/students/more/a.csv", True),
        ("s3://b/day=2024-01-02/sis/students_old/a.csv", False),
        ("s3://b/2024/01/sis/students/a.csv", False),
        ("s3://b/sis/students/a.csv", False),
    ],
)
def test_a_table_below_snapshot_folders_holds_its_own_files_only(path: str, is_held: bool) -> None:
    students = replace(table(), folder="s3://b", pattern="s3://b/{snapshot}/sis/students")
    assert students.holds(path) is is_held


def data_file(path: str, size: int = 10, rows: int = 1) -> DataFile:
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=path,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=rows,
        file_size_in_bytes=size,
        split_offsets=[4],
    )


def test_a_file_in_place_that_is_held_is_not_added_again() -> None:
    held = [data_file("s3://b/a")]
    remaining = difference(held, [Landed("s3://b/a", data_file("s3://b/a"))], (), False)
    assert not remaining.add
    assert not remaining.remove


def test_a_file_in_place_with_other_bytes_replaces_what_is_held() -> None:
    held = [data_file("s3://b/a"), data_file("s3://b/b")]
    remaining = difference(held, [Landed("s3://b/a", data_file("s3://b/a", size=11))], (), False)
    assert [item.path for item in remaining.add] == ["s3://b/a"]
    assert [item.file_path for item in remaining.remove] == ["s3://b/a"]


def test_a_file_that_is_gone_is_taken_out() -> None:
    held = [data_file("s3://b/a"), data_file("s3://b/b")]
    assert [item.file_path for item in difference(held, (), ["s3://b/b"], False).remove] == [
        "s3://b/b"
    ]


def rewritten(path: str, etag: str, word: str) -> DataFile:
    return data_file(f"s3://t/data/{path_mark(path)}-{version_mark(1, etag, 'sql')}-{word}.parquet")


def test_the_name_of_a_rewritten_file_says_of_what_it_was_made() -> None:
    name = rewritten("s3://b/a", "e", "0011").file_path
    assert marks_of(name) == (path_mark("s3://b/a"), version_mark(1, "e", "sql"))


def test_a_rewritten_file_of_another_worker_is_not_added_again() -> None:
    held = [rewritten("s3://b/a", "e", "other")]
    remaining = difference(
        held, [Landed("s3://b/a", rewritten("s3://b/a", "e", "own"))], (), is_rewritten=True
    )
    assert not remaining.add
    assert not remaining.remove


def test_a_rewritten_file_of_an_older_version_is_replaced() -> None:
    held = [rewritten("s3://b/a", "old", "x"), rewritten("s3://b/b", "old", "x")]
    remaining = difference(
        held, [Landed("s3://b/a", rewritten("s3://b/a", "new", "y"))], (), is_rewritten=True
    )
    assert len(remaining.add) == 1
    assert [item.file_path for item in remaining.remove] == [held[0].file_path]


def test_a_file_that_is_held_twice_is_held_once_afterwards() -> None:
    held = [rewritten("s3://b/a", "e", "x"), rewritten("s3://b/a", "e", "y")]
    remaining = difference(
        held, [Landed("s3://b/a", rewritten("s3://b/a", "e", "z"))], (), is_rewritten=True
    )
    assert not remaining.add
    assert len(remaining.remove) == 1


def file_row(path: str, status: str, moment: datetime = NOW, generation: int = 1) -> Any:
    name = path.rsplit("/", 1)[-1]
    return ("shop.orders", name, path, 5, moment, "load", name, generation, status, NOW, 0)


def test_new_and_gone_files_are_the_work() -> None:
    later = NOW + timedelta(hours=1)
    before = [file_row("s3://b/a", "readable"), file_row("s3://b/c", "readable")]
    after = [
        file_row("s3://b/a", "superseded"),
        file_row("s3://b/a", "held", later, 2),
        file_row("s3://b/b", "readable"),
        file_row("s3://b/c", "vanished"),
    ]
    listing = [S3Object("s3://b/a", 5, later, "e"), S3Object("s3://b/b", 5, NOW, "e")]
    work = work_of(before, after, listing, "s3://b")
    assert [item.path for item in work.bring] == ["s3://b/a", "s3://b/b"]
    assert work.gone == ("s3://b/c",)
    assert work.earlier == {"s3://b/a": ("s3://b/a",)}


def test_an_empty_object_is_known_and_not_read() -> None:
    after = [file_row("s3://b/a", "readable")]
    assert not work_of([], after, [S3Object("s3://b/a", 0, NOW, "e")], "s3://b").bring


def generation_row(number: int, state: str, reason: str = "load files replaced") -> Any:
    return ("shop.orders", number, NOW, state, reason, NOW)


def test_a_later_generation_is_written_before_its_files_as_opening() -> None:
    old = [generation_row(1, "complete")]
    new = [*old, generation_row(2, "complete", "truncate")]
    assert opening(old, new) == [*old, generation_row(2, "opening", "truncate")]
    assert not opening([], [generation_row(1, "complete")])


def test_a_load_of_a_stream_that_comes_to_light_late_moves_the_later_ones() -> None:
    first, newest = generation_row(1, "complete"), generation_row(2, "complete")
    found = (*newest[:2], NOW - timedelta(hours=1), "held", *newest[4:])
    moved = (newest[0], 3, *newest[2:])
    between = opening([first, newest], [first, found, moved])
    assert [(row[1], row[2], row[3]) for row in between] == [
        (1, NOW, "complete"),
        (2, NOW - timedelta(hours=1), "opening"),
        (3, NOW, "opening"),
    ]


LOADED = file_row("s3://b/b", "held", generation=2)
CHANGED = (*LOADED[:5], "change", "b", 2, "readable", NOW)


@pytest.mark.parametrize(
    ("reason", "files", "state"),
    [
        ("load files replaced", [file_row("s3://b/a", "held", generation=2)], "held"),
        ("load files replaced", [file_row("s3://b/a", "readable")], None),
        ("truncate", [file_row("s3://b/a", "superseded")], "complete"),
        ("truncate", [file_row("s3://b/a", "readable")], None),
        ("truncate accepted", [file_row("s3://b/a", "readable")], "complete"),
        ("truncate", [file_row("s3://b/a", "superseded"), CHANGED], "complete"),
        ("truncate", [file_row("s3://b/a", "superseded"), LOADED], "held"),
        ("truncate", [file_row("s3://b/a", "readable"), LOADED], None),
    ],
)
def test_a_generation_left_while_opening_is_settled_by_its_files(
    reason: str, files: list[Any], state: str | None
) -> None:
    rows = [generation_row(1, "complete"), generation_row(2, "opening", reason)]
    expected = [rows[0]] + ([generation_row(2, state, reason)] if state else [])
    assert settled(rows, files) == expected


@pytest.mark.parametrize(
    ("declared", "stored", "fits"),
    [
        (LongType(), pa.int32(), True),
        (IntegerType(), pa.int64(), False),
        (IntegerType(), pa.int16(), True),
        (LongType(), pa.uint64(), False),
        (DoubleType(), pa.float32(), True),
        (DecimalType(12, 2), pa.decimal128(10, 2), True),
        (DecimalType(12, 2), pa.decimal128(12, 3), False),
        (TimestampType(), pa.timestamp("ms"), True),
        (TimestampType(), pa.timestamp("us", "UTC"), True),
        (TimestampType(), pa.timestamp("ns"), False),
        (StringType(), pa.int64(), False),
    ],
)
def test_a_stored_type_that_would_lose_something_does_not_fit(
    declared: Any, stored: Any, fits: bool
) -> None:
    assert holds(declared, stored) is fits


def test_every_type_of_the_registry_has_an_iceberg_type(render: Render) -> None:
    types = ["bigint", "integer", "smallint", "boolean", "double", "real", "varchar", "date"]
    types += ["time", "timestamp", "binary", "decimal(12,2)"]
    words = render(
        f"select '{{% for t in {types} %}}{{{{ dms_lake.athena__data_type(t) }}}};{{% endfor %}}'"
    )
    for word in words.removeprefix("select '").removesuffix(";'").split(";"):
        assert iceberg_type(word)


def schema(**columns: Any) -> Schema:
    return Schema(
        *(NestedField(n, name, kind) for n, (name, kind) in enumerate(columns.items(), start=1))
    )


def test_new_columns_are_added_and_types_widened_whatever_the_case_of_names() -> None:
    found = differences(
        schema(id=IntegerType(), old=StringType(), price=DecimalType(10, 2)),
        table(("ID", "bigint"), ("price", "decimal(12,2)"), ("name", "varchar")),
    )
    assert [str(change) for change in found] == [
        "widened id from int to long",
        "widened price from decimal(10, 2) to decimal(12, 2)",
        "added name string",
    ]


def test_a_type_that_iceberg_cannot_follow_is_refused() -> None:
    with pytest.raises(UsageError, match=r"column `id` is string .* and long in the registry"):
        differences(schema(id=StringType()), table(("id", "bigint")))


def test_text_files_are_committed_by_size_and_parquet_files_by_number() -> None:
    items = [S3Object(f"s3://b/{n}", 100 << 20, NOW, "e") for n in range(5)]
    assert [len(part) for part in parts(items, is_rewritten=True)] == [2, 2, 1]
    assert [len(part) for part in parts(items, is_rewritten=False)] == [5]


def test_the_reason_is_what_the_macro_said() -> None:
    text = "Compilation Error in macro x\n  dms_lake.registry entry `a.b`: wrong.\n  > in macro y"
    assert reason_of(text) == "registry entry `a.b`: wrong."


def test_a_parquet_table_without_an_order_or_a_key_is_read_by_row_number_on_athena(
    render: Render,
) -> None:
    text = "{{{{ dms_lake.parquet_rows('raw', {{'envelope': 's3_parquet', 'key': {}}}) }}}}"
    assert "$path" in render(text.format("['id'], 'change_seq_column': 'seq'"), "athena")
    for fields in (
        "['id'], 'landing': 'auto'",
        "['id'], 'timestamp_column': 'ts'",
        "['id'], 'timestamp_column': 'ts', 'landing': 'rewrite'",
        "[], 'change_seq_column': 'seq'",
    ):
        assert "$path" not in render(text.format(fields), "athena"), fields

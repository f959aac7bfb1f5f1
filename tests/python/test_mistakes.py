"""Bad input: a clear message, never a wrong table. And input that only looks odd, which must work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import bad_files
import errors_page
import mistakes
from conftest import Render
from faults import WithoutOverride, start
from lakehouse import Lakehouse, Outcome, Row, Table
from mistakes import Mistake

pytestmark = pytest.mark.long


def lay(home: Path, made: Sequence[Mistake], models: Sequence[str]) -> tuple[Lakehouse, Outcome]:
    """One table per mistake, `t0`, `t1` …, all in one run."""
    lakehouse = Lakehouse(home, {}, models=models)
    tables: list[dict[str, Any]] = []
    for number, mistake in enumerate(made):
        table: dict[str, Any] = {
            "name": f"t{number}",
            "config": {"meta": {"dms_lake": dict(mistake.fields)}},
            "columns": mistake.columns,
        }
        if mistake.identifier:
            table["identifier"] = mistake.identifier
        tables.append(table)
        for name, content in mistake.files.items():
            parts = content if isinstance(content, tuple) else (content, None)
            lakehouse.put(f"t{number}/{name}", *parts)
    lakehouse.put("other/LOAD00000001.csv", "1,one\n")
    source = {
        "name": "shop",
        "config": {"meta": {"dms_lake": {"root": str(lakehouse.lake)}}},
        "tables": tables,
    }
    lakehouse.register_text(
        yaml.safe_dump({"sources": [source]}), [table["name"] for table in tables]
    )
    return lakehouse, lakehouse.dbt("run")


def unsaid(lakehouse: Lakehouse, outcome: Outcome, made: Sequence[Mistake]) -> list[str]:
    """The mistakes whose message no line about their own table holds."""
    found = []
    for number, mistake in enumerate(made):
        says = mistake.says.format(folder=lakehouse.lake / f"t{number}")
        own = (f"shop__t{number} ", f"shop__t{number}:", f"`shop.t{number}`")
        about = [text for text in outcome.messages if any(name in text for name in own)]
        if not any(says in text for text in about):
            found.append(
                f"{mistake.what}: {says!r} is not in {[text[:400] for text in about[-1:]]}"
            )
    return found


def test_every_mistake_in_a_registry_is_a_compile_error_that_names_the_table(
    tmp_path: Path,
) -> None:
    lakehouse, outcome = lay(tmp_path, mistakes.MISTAKES, ["chg"])
    assert not outcome.success
    assert not unsaid(lakehouse, outcome, mistakes.MISTAKES)


def test_a_file_that_cannot_be_read_fails_its_table_and_writes_nothing(tmp_path: Path) -> None:
    lakehouse, outcome = lay(tmp_path, bad_files.REFUSED, ["chg", "lat", "rej"])
    assert not outcome.success
    assert not unsaid(lakehouse, outcome, bad_files.REFUSED)
    assert lakehouse.sql("select * from dms_lake_reads") == []
    assert (
        lakehouse.sql("select table_name from duckdb_tables() where table_name like 'lat_%'") == []
    )


def test_a_row_that_cannot_be_placed_is_rejected_and_the_rest_is_applied(tmp_path: Path) -> None:
    lakehouse, outcome = lay(tmp_path, bad_files.REJECTED, ["chg", "lat", "rej"])
    assert outcome.success, outcome.text
    for number, mistake in enumerate(bad_files.REJECTED):
        found = lakehouse.sql(f"select _cdc_reject_reason as reason from rej_shop__t{number}")
        assert [row["reason"] for row in found] == [mistake.says], mistake.what


def test_the_page_of_errors_lists_every_mistake() -> None:
    assert errors_page.PAGE.read_text(encoding="utf-8") == errors_page.page(), (
        "write it anew: python tests/python/errors_page.py"
    )


def test_every_field_of_the_registry_has_a_mistake() -> None:
    """A field that nobody gave a wrong value is a field whose check nobody has seen."""
    text = (
        Path(mistakes.__file__).parents[2] / "macros/_internal/_registry_fields.sql"
    ).read_text()
    fields = [line.split("'")[1] for line in text.splitlines() if line.startswith("        '")]
    made = {name for mistake in mistakes.MISTAKES for name in mistake.fields}
    assert len(fields) > 15
    assert not set(fields) - made


def test_a_file_that_may_not_be_read_is_named_and_waits_for_the_right_to(tmp_path: Path) -> None:
    columns = {"id": "bigint", "name": "varchar"}
    tables = {
        name: Table(columns, {"envelope": f"s3_{name}", "key": ["id"]})
        for name in ("csv", "parquet")
    }
    lakehouse = Lakehouse(tmp_path, tables)
    paths = [
        lakehouse.put("csv/20240102-000000001.csv", "I,1,one\n"),
        lakehouse.put("parquet/20240102-000000001.parquet", [{"Op": "I", "id": 1, "name": "one"}]),
    ]
    for path in paths:
        path.chmod(0)
    run = start(lakehouse, before=WithoutOverride()).wait()
    assert run.success is False
    for path in paths:
        assert f"`{path}` may not be read by the user that runs dbt. Grant read access." in run.text
        path.chmod(0o644)
    lakehouse.build()
    for name in tables:
        assert lakehouse.current(name) == [{"id": 1, "name": "one"}]


def test_a_folder_that_differs_in_letter_case_alone_is_named_with_the_cure(tmp_path: Path) -> None:
    """Oracle's names are upper case, so its folders are; a table that once had files is not looked for."""
    columns = {"id": "bigint", "name": "varchar"}
    csv = {"envelope": "s3_csv", "key": ["id"]}
    days = {"envelope": "snapshot", "file_format": "csv", "key": ["id"]}
    tables = {
        "orders": Table(columns, csv),
        "items": Table(columns, csv | {"folder": "hr/items[1]"}),
        "days": Table(columns, days | {"folder": "{snapshot}/days"}),
        "none": Table(columns, csv),
        "gone": Table(columns, csv),
        "there": Table(columns, csv),
    }
    lakehouse = Lakehouse(tmp_path, tables)
    for folder in ("orders_old", "gone", "there", "THERE"):
        lakehouse.put(f"{folder}/LOAD00000001.csv", "1,one\n")
    lakehouse.put("orders/.hidden.csv", "")
    lakehouse.put("ORDERS/LOAD00000001.csv", "1,one\n")
    lakehouse.put("hr/Items[1]/2024/20240102-000000001.csv", "I,1,one\n")
    lakehouse.put("2024-01-02/DAYS/a.csv", "1,one\n")
    lakehouse.put("NONE/.hidden.csv", "")
    outcome = lakehouse.build()
    for name, looked_for, there in (
        ("orders", "orders", "ORDERS"),
        ("items", "hr/items[1]", "hr/Items[1]"),
        ("days", "{snapshot}/days", "{snapshot}/DAYS"),
    ):
        says = (
            f"dms_lake: `shop.{name}` has no rows: no file of it was ever found in"
            f" `{lakehouse.lake}/{looked_for}`, but files lie in `{lakehouse.lake}/{there}`, which"
            f' differs in upper and lower case alone. If they are its files, set `folder: "{there}"`'
            " in its registry entry."
        )
        assert [text for text in outcome.messages if says in text], name
    for name in ("none", "gone", "there"):
        assert f"`shop.{name}` has no rows" not in outcome.text
    (lakehouse.lake / "gone/LOAD00000001.csv").rename(tmp_path / "away")
    lakehouse.put("GONE/LOAD00000001.csv", "1,one\n")
    lakehouse.register(tables | {"orders": Table(columns, csv | {"folder": "ORDERS"})})
    outcome = lakehouse.build()
    assert "`shop.orders` has no rows" not in outcome.text
    assert "`shop.gone` has no rows" not in outcome.text
    assert lakehouse.current("orders") == [{"id": 1, "name": "one"}]


def test_a_bucket_is_asked_for_the_usual_spellings_of_a_folder(render: Render) -> None:
    """Each is a prefix, which costs one request; a pattern of letters would list the whole bucket."""
    patterns = "{{ dms_lake._check_folder_case_patterns('%s', '{snapshot}/Hr[1]') | join(' ') }}"
    assert render(patterns % "s3://lake/raw") == "*/HR[[]1] */hr[[]1] */Hr[[]1]"
    assert render(patterns % "/lake") == "*/[hH][rR][[]1]"


def test_an_order_column_is_missed_where_no_change_file_holds_it(tmp_path: Path) -> None:
    """Load files may lack it, and so may some change files beside others, whichever came first."""
    columns = {"id": "bigint", "name": "varchar"}
    order = {"key": ["id"], "timestamp_column": "TS", "change_seq_column": "seq"}
    lakehouse = Lakehouse(
        tmp_path,
        {
            "parquet": Table(columns, order | {"envelope": "s3_parquet"}),
            "csv": Table(columns, order | {"envelope": "s3_csv", "header": True}),
        },
    )

    def put(stamp: str, record: Row) -> None:
        lakehouse.put(f"parquet/{stamp}.parquet", [record])
        text = "\n".join(",".join(map(str, line)) for line in (record, record.values()))
        lakehouse.put(f"csv/{stamp}.csv", text + "\n")

    row = {"id": 1, "name": "one"}
    at = {"Op": "U", "ts": "2024-01-02 00:00:00.000000", "seq": bad_files.SEQUENCE}
    put("LOAD00000001", row)
    lakehouse.build()
    put("20240102-000000002", {"Op": "U"} | row | {"name": "before"})
    outcome = lakehouse.dbt("build")
    assert not outcome.success
    assert outcome.text.count("`timestamp_column` is `TS`, but no change file holds") >= 2
    put("20240102-000000003", at | row | {"name": "two"})
    lakehouse.build()
    put("20240102-000000004", {"Op": "I", "id": 2, "name": "alone"})
    lakehouse.build()
    for name in ("parquet", "csv"):
        assert lakehouse.current(name) == [{"id": 1, "name": "two"}, {"id": 2, "name": "alone"}]

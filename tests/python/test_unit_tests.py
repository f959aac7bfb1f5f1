"""The unit tests that stand with the models: part of the first build, and red where a rule is broken."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from lakehouse import REPOSITORY, Lakehouse, Table

UNIT_TESTS = REPOSITORY / "models" / "latest" / "shop" / "_shop__unit_tests.yml"
NAMES = set(re.findall(r"- name: (\w+)", UNIT_TESTS.read_text()))
PRODUCT = Table(
    {"id": "integer", "name": "varchar", "price": "decimal(10,2)"},
    {"envelope": "s3_csv", "key": ["id"], "header": True, "before_image_prefix": "BI_"},
)
# A rule, how to break it, and the unit tests that must notice.
FAULTS = {
    "the guard": (
        "reduce/_later_than_held.sql",
        "where standing._cdc_operation is null",
        "where true",
        {
            "a_late_older_change_does_not_win",
            "a_late_update_does_not_bring_a_deleted_row_back",
        },
    ),
    "the place in the file": (
        "ordering/order_parts.sql",
        '"coalesce(" ~ a ~ "_cdc_file_row_number, -1)"',
        '"0"',
        {"the_place_in_the_file_decides_between_equal_times"},
    ),
    "key changes": (
        "reduce/_incoming.sql",
        "{%- set moves = table.old_key -%}",
        "{%- set moves = false -%}",
        {"a_change_of_the_key_deletes_the_old_key"},
    ),
    "tombstones": (
        "reduce/_shaped.sql",
        "(settled._cdc_operation = 'delete' or settled._cdc_is_absent) then settled.{{ name }}",
        "false then settled.{{ name }}",
        {"a_change_replaces_the_row_that_the_table_holds"},
    ),
}


def lake_of_products(home: Path) -> Lakehouse:
    """A lake that was never built, with the products of the demo and their unit tests."""
    lakehouse = Lakehouse(home, {"product": PRODUCT}, models=("chg", "lat", "cur"))
    shutil.copy(UNIT_TESTS, lakehouse.project / "models" / "latest")
    lakehouse.put("product/LOAD00000001.csv", "id,name,price\n1,pen,1.50\n", "2024-01-01")
    return lakehouse


def failed(messages: list[str]) -> set[str]:
    """The unit tests that failed."""
    text = "\n".join(messages)
    return {name for name in NAMES if re.search(rf"Failure in unit_test {name}\b", text)}


def test_the_page_shows_a_test_that_runs() -> None:
    page = (REPOSITORY / "docs" / "unit-tests.md").read_text()
    shown = re.search(r"```yaml\nunit_tests:\n(.*?)```", page, re.DOTALL)
    assert shown and shown[1] in UNIT_TESTS.read_text()


@pytest.mark.long
def test_they_are_part_of_the_first_build_and_leave_nothing_behind(tmp_path: Path) -> None:
    lakehouse = lake_of_products(tmp_path)
    outcome = lakehouse.build()
    assert not failed(outcome.messages)
    passed = {name for name in NAMES if re.search(rf"PASS .*\b{name}\b", outcome.text)}
    assert passed == NAMES
    assert [row["name"] for row in lakehouse.current("product", "name")] == ["pen"]
    assert lakehouse.sql("select * from dms_lake_runs where is_full_refresh")

    wider = Table({**PRODUCT.columns, "colour": "varchar"}, PRODUCT.fields)
    lakehouse.register({"product": wider})
    tests = lakehouse.project / "models" / "latest" / UNIT_TESTS.name
    tests.write_text(tests.read_text().replace("name: cap, price: 9.00", "name: cap, colour: red"))
    assert "colour: red" in tests.read_text()
    outcome = lakehouse.dbt("build")
    assert failed(outcome.messages) == {"a_change_replaces_the_row_that_the_table_holds"}
    assert "Invalid column name" not in outcome.text


@pytest.mark.long
def test_a_broken_rule_turns_them_red(tmp_path: Path) -> None:
    lakehouse = lake_of_products(tmp_path)
    lakehouse.build("--exclude-resource-type", "unit_test")
    for rule, (path, old, new, noticed_by) in FAULTS.items():
        lakehouse.break_macro(path, old, new)
        outcome = lakehouse.dbt("test", "--select", "test_type:unit")
        assert failed(outcome.messages) >= noticed_by, rule
        lakehouse.break_macro(path, new, old)

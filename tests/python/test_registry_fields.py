"""What `lake add-tables --set` takes for a field of the registry, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from lake.errors import UsageError
from lake.tables.registry_fields import field_value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("envelope", "s3_csv", "s3_csv"),
        ("source_schema", "2024", "2024"),
        ("null_token", "", ""),
        ("delimiter", "[", "["),
        ("history", "True", True),
        ("raw_retention_days", "7", 7),
        ("partition_by", "[at, order id]", ["at", "order id"]),
        ("key", "[]", []),
    ],
)
def test_a_value_has_the_type_of_its_field(name: str, text: str, value: Any) -> None:
    assert field_value(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "must_be"),
    [
        ("header", "maybe", "true or false"),
        ("header", "1", "true or false"),
        ("raw_retention_days", "0", "a whole number from 1"),
        ("raw_retention_days", "week", "a whole number from 1"),
        ("delimiter", "", "a text"),
        ("partition_by", "at", "a list of column names, e.g. [id]"),
        ("partition_by", "[", "a list of column names, e.g. [id]"),
        ("deletes", "soft", "one of apply, ignore"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, text: str, must_be: str) -> None:
    with pytest.raises(UsageError) as error:
        field_value(name, text)
    assert str(error.value) == f"--set {name}={text}: `{name}` must be {must_be}"


def test_a_field_that_the_registry_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="has no field `nofield`; it has: active, alternate_key"):
        field_value("nofield", "1")

"""`lake run` finds a relation in dbt's cache by its name, and finds what dbt's own comparing of all finds."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.adapters.athena.impl import AthenaAdapter
from dbt.adapters.base.impl import BaseAdapter
from dbt.adapters.cache import RelationsCache
from dbt.adapters.duckdb.impl import DuckDBAdapter

from lake.run.cache import swift_cache

NAMES = ("orders", "Orders", "ITEMS", "items", "late", "nowhere", "with space", "q.x", "")
KNOWN = ("orders", "ITEMS", "with space", "q.x")


def adapter_of(kind: type[BaseAdapter], is_quoted: bool) -> Any:
    """An adapter that knows the relations of two schemas, and has no engine."""
    made: Any = object.__new__(kind)
    made.cache = RelationsCache()
    made.config = SimpleNamespace(
        quoting=dict.fromkeys(("database", "schema", "identifier"), is_quoted)
    )
    made.nice_connection_name = lambda: "none"
    for schema in ("main", "Other"):
        made.cache.update_schemas([("lake", schema)])
        for name in KNOWN:
            made.cache.add(relation(made, schema, name))
    return made


def relation(adapter: Any, schema: str, name: str) -> Any:
    return adapter.Relation.create(database="lake", schema=schema, identifier=name, type="table")


def answers(adapter: Any) -> dict[tuple[str, str, str], str]:
    """What `get_relation` says to every name in every case."""
    found = {}
    for asked in itertools.product(("lake", "LAKE"), ("main", "MAIN", "other", "Other"), NAMES):
        try:
            found[asked] = str(adapter.get_relation(*asked))
        except Exception as error:
            found[asked] = f"{type(error).__name__}: {error}"
    return found


@pytest.mark.parametrize("is_quoted", [True, False])
@pytest.mark.parametrize("kind", [DuckDBAdapter, AthenaAdapter])
def test_what_is_found_by_name_is_what_comparing_all_finds(
    kind: type[BaseAdapter], is_quoted: bool
) -> None:
    adapter = adapter_of(kind, is_quoted)
    seen = set()
    for step in range(3):
        if step == 1:
            adapter.cache.rename(
                relation(adapter, "main", "orders"), relation(adapter, "main", "late")
            )
        if step == 2:
            adapter.cache.drop(relation(adapter, "main", "late"))
            adapter.cache.add(relation(adapter, "main", "nowhere"))
        all_compared = answers(adapter)
        with swift_cache():
            assert answers(adapter) == all_compared
        seen |= {text.split(":")[0] for text in all_compared.values()}
    assert "None" in seen and any("late" in text for text in seen)
    assert any("Error" in text for text in seen), "a name in other letters is refused"


def test_a_schema_that_is_not_known_is_asked_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(BaseAdapter, "get_relation", lambda adapter, *name: asked.append(name))
    adapter = adapter_of(DuckDBAdapter, True)
    with swift_cache():
        adapter.get_relation("lake", "unknown", "orders")
        adapter.get_relation("lake", "main", "orders")
    assert asked == [("lake", "unknown", "orders")]


def test_dbt_is_left_as_it_was() -> None:
    before = BaseAdapter.get_relation
    with pytest.raises(RuntimeError), swift_cache():
        assert BaseAdapter.get_relation is not before
        raise RuntimeError
    assert BaseAdapter.get_relation is before

"""dbt's cache of relations for a run over thousands of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def swift_cache() -> Iterator[None]:
    """Let dbt look a relation up in its cache by name, and spare it a debug message for each one that it takes into it.

    dbt compares a name with every relation of the schema, several times a model: with ten thousand of them that is most of a
    run of three tables. The cache is a dictionary by name in lower case; what is found there is compared by dbt's own rule.
    """
    from dbt.adapters import cache
    from dbt.adapters.base.impl import BaseAdapter
    from dbt.adapters.reference_keys import _ReferenceKey, lowercase

    compare_all = BaseAdapter.get_relation

    def get_relation(adapter: Any, database: str | None, schema: str, identifier: str) -> Any:
        if not identifier or not adapter._schema_is_cached(database, schema):
            return compare_all(adapter, database, schema, identifier)
        with adapter.cache.lock:
            cached = adapter.cache.relations.get(
                _ReferenceKey(lowercase(database), lowercase(schema), lowercase(identifier))
            )
        found = [cached.inner] if cached and cached.inner else []
        return next(iter(adapter._make_match(found, database, schema, identifier)), None)

    made, sent = cache.CacheAction, cache.fire_event
    cache.CacheAction = cache.fire_event = lambda *_, **__: None
    BaseAdapter.get_relation = get_relation
    try:
        yield
    finally:
        cache.CacheAction, cache.fire_event = made, sent
        BaseAdapter.get_relation = compare_all

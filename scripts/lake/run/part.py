"""The part of a parsed project that a run is about: dbt links, sums up and looks through all that it is given, run after run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

# What stands in dbt's graph, by the manifest's fields (its macros, documents and settings are not in it).
GRAPH = (
    "nodes", "sources", "exposures", "functions", "metrics", "semantic_models", "saved_queries",
    "unit_tests",
)  # fmt: skip
# What dbt finds these by; it is made anew of the part.
LOOKUPS = (
    "_source_lookup", "_ref_lookup", "_metric_lookup", "_saved_query_lookup", "_semantic_model_by_measure_lookup",
    "_function_lookup",
)  # fmt: skip


def below(manifest: Any, starts: Iterable[str]) -> set[str]:
    """These nodes and all that depend on them, by unique id."""
    return _reached(manifest.child_map, starts)


def part_of(manifest: Any, chosen: Iterable[str]) -> Any:
    """A manifest of the nodes chosen, what they stand on, and the hooks; macros still see the whole `graph`.

    Args:
        manifest: As `dbt parse` returned it; it is left as it is, and its nodes are shared.
        chosen: Unique ids, with the tests of the nodes and all else that a run may touch.
    """
    hooks = [name for name in manifest.nodes if name.startswith("operation.")]
    kept = _reached(manifest.parent_map, [*chosen, *hooks])
    graph = {
        field: {name: node for name, node in getattr(manifest, field).items() if name in kept}
        for field in GRAPH
    }
    return dataclasses.replace(manifest, **graph, **dict.fromkeys(LOOKUPS))


def _reached(edges: Any, starts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    left = list(starts)
    while left:
        unique_id = left.pop()
        if unique_id not in found:
            found.add(unique_id)
            left.extend(edges.get(unique_id, ()))
    return found

"""What a run cost on Athena: statements, seconds and bytes scanned per node, of all its statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any, TypeGuard

from lake.dbt_project import Event

STARTED = re.compile(r"Athena query (\S+) started\Z")
# Statements of the run itself: the ledger's tables, dbt's look at what stands.
OTHERS = "others"
BUDGETS = ("budget_seconds", "budget_bytes")
WORKERS = 8


@dataclass
class Cost:
    """Of one node: seconds as Athena counts them from the queue to the result, bytes as it bills them."""

    statements: int = 0
    seconds: float = 0.0
    scanned_bytes: int = 0


@dataclass
class Statements:
    """The ids of Athena's queries by the node that sent them, from dbt's events."""

    by_node: dict[str, list[str]] = field(default_factory=dict)

    def on_event(self, event: Event) -> None:
        """Take the id from an event of the adapter's."""
        if match := STARTED.search(event.message):
            node = event.data.get("node_info", {}).get("unique_id") or OTHERS
            self.by_node.setdefault(node, []).append(match[1])


def costs(client: Any, statements: Mapping[str, Sequence[str]]) -> dict[str, Cost]:
    """Ask Athena what each node's statements cost, the dearest by bytes first.

    Args:
        client: boto3's Athena client; GetQueryExecution is all that it is asked.
        statements: The ids by node.
    """

    def ask(query: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = client.get_query_execution(QueryExecutionId=query)
        return found["QueryExecution"].get("Statistics", {})

    pairs = [(node, query) for node, queries in statements.items() for query in queries]
    found: dict[str, Cost] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        for (node, _), facts in zip(
            pairs, pool.map(ask, [query for _, query in pairs]), strict=True
        ):
            cost = found.setdefault(node, Cost())
            cost.statements += 1
            # Athena counts whole milliseconds; a sum of their fractions would drift from what the ledger gives back.
            millis = facts.get("TotalExecutionTimeInMillis", 0)
            cost.seconds = round(cost.seconds + millis / 1000, 3)
            cost.scanned_bytes += facts.get("DataScannedInBytes", 0)
    return dict(sorted(found.items(), key=lambda item: (-item[1].scanned_bytes, item[0])))


def over_budget(found: Mapping[str, Cost], budgets: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each node that cost more than its budget allows.

    Args:
        found: What each node cost.
        budgets: For each node, `budget_bytes` and `budget_seconds`, either of which may be missing.
    """
    return list(_over(found, budgets))


def _over(found: Mapping[str, Cost], budgets: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for node, cost in found.items():
        budget, name = budgets.get(node, {}), node.split(".")[-1]
        for field_name in BUDGETS:
            if not _is_budget(most := budget.get(field_name)) and most is not None:
                yield f"{name}: {field_name} is {most!r}; it must be a number, 0 or greater"
        most = budget.get("budget_bytes")
        if _is_budget(most) and cost.scanned_bytes > most:
            yield f"{name} scanned {cost.scanned_bytes:,} bytes; its budget_bytes is {most:,}"
        most = budget.get("budget_seconds")
        if _is_budget(most) and cost.seconds > most:
            yield f"{name} took {cost.seconds:,.1f} s on Athena; its budget_seconds is {most:,}"


def _is_budget(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def rows_of(
    found: Mapping[str, Cost], budgets: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of the ledger's table of costs, as the macro `_note_costs` takes them."""
    return [
        {
            "node": node,
            **asdict(cost),
            **{
                name: value if _is_budget(value := budgets.get(node, {}).get(name)) else None
                for name in BUDGETS
            },
        }
        for node, cost in found.items()
    ]


def budgets_of(manifest: Any) -> dict[str, Mapping[str, Any]]:
    """The budgets that models declare in `meta: {dms_lake: {budget_bytes: …, budget_seconds: …}}`."""
    return {
        unique_id: node.config.meta["dms_lake"]
        for unique_id, node in manifest.nodes.items()
        if isinstance(node.config.meta.get("dms_lake"), dict)
    }

"""A table as samples, an export or a catalogue show it, before it is a registry entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in the registry's words, and what about it is not certain."""

    name: str
    data_type: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """A table: `key` is None where nobody knows it and empty where the table has none."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def with_key(self, key: Sequence[str]) -> Found:
        """The same table with this key."""
        return replace(self, key=tuple(key))


def why_not(table: Found) -> str:
    """Why a table cannot be registered as it is, with the cure; empty where it can."""
    names = [column.name for column in table.columns]
    lower = [name.lower() for name in names]
    twice = sorted({name for name in names if lower.count(name.lower()) > 1})
    kept = [name for name in names if name.lower().startswith(("_cdc_", "_raw_"))]
    braces = [name for name in (table.name, *names) if any(b in name for b in ("{{", "{%", "{#"))]
    unknown = [name for name in table.key or () if name not in names]
    if not names:
        return "it has no columns"
    if twice:
        return f"columns {', '.join(twice)} differ only in capitals; rename one with a DMS transformation rule"
    if kept:
        return f"column {', '.join(kept)} begins with _cdc_ or _raw_; rename it with a DMS transformation rule"
    if braces:
        return (
            f"the name {braces[0]!r} holds Jinja's braces; rename it with a DMS transformation rule"
        )
    if table.key is None:
        return "its key is not known; give it by --key or --keys (`--key TABLE=` where it has none)"
    if unknown:
        return f"its key names {', '.join(unknown)}, which is no column of it; it has: {', '.join(names)}"
    return ""

"""The values of a row: a pure SQL function of (seed, key number, version), for any number of rows.

A row is known by its key number `k` and its version `v`, both bigint. Everything else follows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from lake.sql import literal

KeyKind = Literal["id", "code", "pair", "dated", "none"]
KEY_KINDS: tuple[KeyKind, ...] = ("id", "code", "pair", "dated", "none")

DATA_TYPES = (
    "bigint",
    "integer",
    "varchar",
    "decimal(12,2)",
    "double",
    "boolean",
    "date",
    "timestamp",
)

# Texts that break a reader which takes a short cut.
AWKWARD_TEXTS = (
    "",
    "NULL",
    "null",
    "a,b;c|d",
    "tab\tinside",
    'say "hello"',
    '"',
    "two\nlines",
    "\nfirst line empty",
    "windows\r\nline",
    " spaces around ",
    "Zürich — naïve 日本語 🦆",
    "\\N",
    "back\\slash",
    "it's",
    "I",
    "2024-01-01",
    "#comment",
    "<null>",
)

# Key columns per kind: name, data type, SQL over the key number. Each kind is one to one.
_KEYS: dict[KeyKind, tuple[tuple[str, str, str], ...]] = {
    "id": (("id", "bigint", "{k}"),),
    "code": (("code", "varchar", "'K\"' || {k} || ', ü'"),),
    "pair": (
        ("site", "integer", "cast({k} % 7 as integer)"),
        ("code", "varchar", "'c' || ({k} // 7)"),
    ),
    "dated": (
        ("day", "date", "date '2020-01-01' + cast({k} % 365 as integer)"),
        ("no", "bigint", "{k} // 365"),
    ),
    "none": (("entry", "bigint", "{k}"),),
}


@dataclass(frozen=True)
class Column:
    """A declared column; `data_type` is engine-neutral, as the registry spells it."""

    name: str
    data_type: str

    def __post_init__(self) -> None:
        """Raises ValueError for a type that the generator has no values for."""
        if self.data_type not in DATA_TYPES:
            raise ValueError(
                f"column {self.name}: data_type {self.data_type!r}; allowed: {DATA_TYPES}."
            )


DEFAULT_COLUMNS = (
    Column("amount", "decimal(12,2)"),
    Column("status", "varchar"),
    Column("quantity", "integer"),
    Column("total", "bigint"),
    Column("rate", "double"),
    Column("paid", "boolean"),
    Column("due on", "date"),
    Column("updated_at", "timestamp"),
    Column("note", "varchar"),
)


def identity_columns(kind: KeyKind) -> tuple[Column, ...]:
    """The columns that tell rows apart; the registry's key, unless the kind is `none`."""
    return tuple(Column(name, data_type) for name, data_type, _ in _KEYS[kind])


def identity_sql(kind: KeyKind, number: str) -> dict[str, str]:
    """Key column name -> SQL expression over the SQL expression `number` (a bigint key number)."""
    return {name: sql.format(k=f"({number})") for name, _, sql in _KEYS[kind]}


def _salt(seed: int, table: str, column: str) -> int:
    """A number below 2**62 for a seed, table and column, the same on every machine."""
    digest = hashlib.sha256(f"{seed}/{table}/{column}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 2


def value_sql(
    column: Column, seed: int, table: str, unit: str = "us", carried_null: str | None = None
) -> str:
    """SQL of a column's value over `k` and `v`; one in 13 is null.

    Every second column changes only with every second version, so that an update leaves some
    columns as they were. `unit` 'ms' cuts timestamps to milliseconds. `carried_null` is the text
    that a CSV file cannot tell from NULL.
    """
    salt = _salt(seed, table, column.name)
    version = "v // 2" if salt % 2 else "v"
    h = f"hash(k, {version}, {salt})"
    value = _typed_sql(column.data_type, h, unit)
    if carried_null is not None and column.data_type == "varchar":
        value = f"nullif({value}, {literal(carried_null)})"
    return f"case when {h} % 13 != 3 then {value} end"


def _typed_sql(data_type: str, h: str, unit: str) -> str:
    """A value of the type from a 64-bit hash expression."""
    micros = f"{h} % 1900000000000000" if unit == "us" else f"({h} % 1900000000000) * 1000"
    cents = f"cast({h} % 1000000000 as decimal(12,0)) - 500000000"
    return {
        "bigint": f"cast({h} % 9000000000000000 as bigint) - 4500000000000000",
        "integer": f"cast({h} % 4000001 as integer) - 2000000",
        "decimal(12,2)": f"cast(({cents}) * 0.01 as decimal(12,2))",
        "double": f"cast({h} % 100000000 as double) / 1000 - 50000",
        "boolean": f"{h} % 2 = 0",
        "date": f"date '1970-01-01' + cast({h} % 30000 as integer)",
        "timestamp": f"make_timestamp(cast({micros} as bigint))",
        "varchar": _text_sql(h),
    }[data_type]


def _text_sql(h: str) -> str:
    """Mostly plain texts; one in eight is awkward."""
    texts = ", ".join(literal(text) for text in AWKWARD_TEXTS)
    awkward = f"([{texts}])[cast(({h} // 8) % {len(AWKWARD_TEXTS)} as integer) + 1]"
    return f"case when {h} % 8 = 0 then {awkward} else 'text ' || ({h} // 8) % 100000 end"

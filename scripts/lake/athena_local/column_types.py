"""The names of types: Hive's (Athena's DDL, Glue), Trino's, and what Athena refuses in Iceberg."""

from __future__ import annotations

import re

from lake.athena_local.sql_text import FLAGS, split, unquote

HIVE_TO_TRINO = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary"}
TRINO_TO_HIVE = {trino: hive for hive, trino in HIVE_TO_TRINO.items()}
ICEBERG_REFUSED = re.compile(r"\b(?:tinyint|smallint|char|time(?!\s+zone))\b", FLAGS)
NESTED = re.compile(r"(array|map|struct|row)\s*[<(](.*)[>)]\s*\Z", FLAGS)


def trino_type(hive: str, iceberg: bool) -> str:
    """A type of Athena's DDL as Trino writes it; a timestamp of an Iceberg table has microseconds."""
    hive = hive.strip()
    if nested := NESTED.match(hive):
        kind, parts = nested[1].lower(), split(nested[2])
        if kind in ("struct", "row"):
            fields = [part.split(":", 1) for part in parts]
            inner = [f'"{unquote(name)}" {trino_type(of, iceberg)}' for name, of in fields]
            return f"row({', '.join(inner)})"
        return f"{kind}({', '.join(trino_type(part, iceberg) for part in parts)})"
    if hive.lower() == "timestamp":
        return "timestamp(6)" if iceberg else "timestamp(3)"
    return HIVE_TO_TRINO.get(hive.lower(), hive)


def hive_type(trino: str) -> str:
    """A type of Trino as Glue keeps it."""
    trino = trino.strip()
    if nested := NESTED.match(trino):
        kind, parts = nested[1].lower(), split(nested[2])
        if kind in ("struct", "row"):
            fields = [re.match(r'("(?:[^"]|"")+"|\S+)\s+(.+)', part, FLAGS) for part in parts]
            inner = [f"{unquote(f[1])}:{hive_type(f[2])}" for f in fields if f]
            return f"struct<{','.join(inner)}>"
        return f"{kind}<{','.join(hive_type(part) for part in parts)}>"
    plain = trino.lower()
    if plain.startswith("timestamp"):
        return "timestamp with time zone" if "with time zone" in plain else "timestamp"
    return TRINO_TO_HIVE.get(plain, plain)


def athena_type(trino: str) -> str:
    """A type of Trino as Athena's result metadata names it: without precision or members."""
    bare = re.split(r"[(<]", trino, maxsplit=1)[0]
    return f"{bare} with time zone" if "with time zone" in trino and bare != trino else bare


def iceberg_refusal(trino: str) -> str | None:
    """Why Athena keeps no such column in an Iceberg table; None where it does."""
    text = re.sub(r'"(?:[^"]|"")*"', "", trino)
    precision = re.search(r"\btimestamp\((\d+)\)", text, FLAGS)
    if precision and precision[1] != "6":
        return (
            f"NOT_SUPPORTED: Timestamp precision ({precision[1]}) not supported for Iceberg. "
            'Use "timestamp(6)" instead.'
        )
    if refused := ICEBERG_REFUSED.search(text):
        return f"NOT_SUPPORTED: Type not supported for Iceberg: {refused[0].lower()}"
    return None

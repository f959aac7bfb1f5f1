"""Types of source systems and of Glue in the registry's words; what has no safe counterpart is a varchar with a note."""

from __future__ import annotations

import re

# Precision and scale of a decimal, where nothing else is said.
Typed = tuple[str, str]

TEXT = {"char", "varchar", "text", "string", "clob", "nchar", "nvarchar", "ntext", "xml", "json"}
COMMON = {
    "bigint": "bigint",
    "int": "integer",
    "integer": "integer",
    "smallint": "smallint",
    "date": "date",
    **dict.fromkeys(TEXT, "varchar"),
}
SYSTEMS: dict[str, dict[str, str]] = {
    "mysql": COMMON
    | {"tinyint": "smallint", "mediumint": "integer", "year": "smallint"}
    | {"float": "real", "double": "double", "double precision": "double"}
    | {"datetime": "timestamp", "timestamp": "timestamp", "boolean": "smallint", "bool": "smallint"}
    | dict.fromkeys(("tinytext", "mediumtext", "longtext", "enum", "set"), "varchar")
    | dict.fromkeys(
        ("binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob"), "binary"
    ),
    "postgresql": COMMON
    | {"int2": "smallint", "int4": "integer", "int8": "bigint", "smallserial": "smallint"}
    | {"serial": "integer", "bigserial": "bigint", "real": "real", "float4": "real"}
    | {"double precision": "double", "float8": "double", "boolean": "boolean", "bool": "boolean"}
    | {"timestamp": "timestamp", "timestamp without time zone": "timestamp"}
    | {"bytea": "binary"}
    | dict.fromkeys(
        ("character varying", "character", "bpchar", "uuid", "jsonb", "name"), "varchar"
    ),
    "sqlserver": COMMON
    | {"tinyint": "smallint", "bit": "boolean", "float": "double", "real": "real"}
    | {"money": "decimal(19,4)", "smallmoney": "decimal(10,4)"}
    | {"datetime": "timestamp", "smalldatetime": "timestamp", "datetime2": "timestamp"}
    | {"timestamp": "binary", "rowversion": "binary", "uniqueidentifier": "varchar"}
    | dict.fromkeys(("binary", "varbinary", "image"), "binary"),
    # Oracle's INTEGER is a NUMBER(38), and its DATE has a time of day.
    "oracle": dict.fromkeys(TEXT, "varchar")
    | dict.fromkeys(("varchar2", "nvarchar2", "nclob", "long", "rowid", "urowid"), "varchar")
    | dict.fromkeys(("integer", "int", "smallint"), "decimal(38,0)")
    | {"date": "timestamp", "timestamp": "timestamp"}
    | {"binary_float": "real", "binary_double": "double"}
    | dict.fromkeys(("raw", "blob", "long raw"), "binary"),
    "glue": COMMON
    | {"tinyint": "smallint", "boolean": "boolean", "double": "double", "float": "real"}
    | {"timestamp": "timestamp", "binary": "binary"},
}
DECIMALS = {"decimal", "numeric", "number", "dec"}
UNSIGNED = {"smallint": "integer", "integer": "bigint", "bigint": "decimal(20,0)"}
GIVEN = re.compile(r"\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)")


def registry_type(
    system: str, given: str, precision: int | None = None, scale: int | None = None
) -> Typed:
    """The registry's type for a system's, and a note where something of it is lost or not known.

    Args:
        system: one of `SYSTEMS`.
        given: the type as the export writes it, with or without `(precision,scale)`.
        precision: of a number, or the digits of a second for a timestamp, where a column of the export says it.
        scale: of a number.
    """
    text = given.strip().lower()
    if "<" in text or "[" in text:
        return _unknown(given)
    if found := GIVEN.search(text):
        precision = int(found[1])
        scale = int(found[2]) if found[2] else 0
    base = " ".join(GIVEN.sub(" ", text).split())
    is_unsigned = bool({"unsigned", "zerofill"} & set(base.split()))
    base = " ".join(
        word for word in base.split() if word not in ("unsigned", "zerofill", "identity")
    )
    if base in DECIMALS:
        return _decimal(system, given, precision, scale)
    if base == "float" and system == "oracle":
        return "varchar", f"{given} keeps more digits than a double: kept as text"
    if base.endswith("with time zone") or base in ("timestamptz", "datetimeoffset"):
        return "varchar", f"{given} has a time zone: kept as text"
    known = SYSTEMS[system].get(base)
    if known is None:
        return _unknown(given)
    if is_unsigned:
        return UNSIGNED.get(known, known), ""
    # An export's precision of a float or a datetime2(7) is in the type's own parentheses.
    if known == "timestamp" and found and int(found[1]) > 6:
        return "varchar", f"{given} is finer than a microsecond: kept as text"
    if base == "datetime2" and not found and (precision is None or precision > 6):
        return "varchar", f"{given} may be finer than a microsecond: kept as text"
    return known, ""


def _decimal(system: str, given: str, precision: int | None, scale: int | None) -> Typed:
    """A decimal that holds every value of the given one, or a text."""
    if precision is None:
        if system in ("oracle", "postgresql"):
            return "varchar", f"{given} without precision has no bounds: kept as text"
        precision, scale = (10, 0) if system in ("mysql", "glue") else (18, 0)
    digits, after = precision, scale or 0
    if after < 0:
        digits, after = digits - after, 0
    digits = max(digits, after)
    if digits > 38:
        return "varchar", f"{given} has more than 38 digits: kept as text"
    return f"decimal({digits},{after})", ""


def _unknown(given: str) -> Typed:
    return "varchar", f"the type {given!r} is not known: kept as text"

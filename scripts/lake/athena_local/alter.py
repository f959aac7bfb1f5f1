"""`alter table ...` of Athena."""

from __future__ import annotations

import re

from lake.athena_local.column_types import iceberg_refusal, trino_type
from lake.athena_local.create import ICEBERG_OPTIONS, iceberg_properties
from lake.athena_local.sql_text import (
    FLAGS,
    NAME,
    PART,
    TableName,
    closing,
    column_pairs,
    string_pairs,
    table_name,
    unquote,
)
from lake.athena_local.statements import (
    HIVE,
    ICEBERG,
    KindOf,
    Query,
    Refused,
    SetGlueParameters,
    Statement,
)
from lake.sql import quoted


def table(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """One alteration: rename, columns, or table properties."""
    name, rest = table_name(match[1], schema), match[2].strip()
    kind = kind_of(name)
    if kind is None:
        raise Refused(f"TABLE_NOT_FOUND: Table {name} does not exist")
    iceberg = kind == "iceberg"
    if found := re.match(rf"rename\s+to\s+{NAME}\Z", rest, FLAGS):
        return _rename(name, table_name(found[1], name.schema), iceberg)
    if found := re.match(r"add\s+columns\s*\(", rest, FLAGS):
        columns = column_pairs(rest[found.end() : closing(rest, found.end() - 1)])
        return _altered(name, *(_add_column(name, column, of, iceberg) for column, of in columns))
    if found := re.match(rf"drop\s+column\s+({PART})\Z", rest, FLAGS):
        return _altered(name, _alter(name, iceberg, f"drop column {quoted(unquote(found[1]))}"))
    if found := re.match(rf"change\s+(?:column\s+)?({PART})\s+({PART})\s+(.+)", rest, FLAGS):
        return _change_column(name, found[1], found[2], found[3], iceberg)
    if found := re.match(r"set\s+tblproperties\s*\((.*)\)\Z", rest, FLAGS):
        return _set_properties(name, string_pairs(found[1]), iceberg)
    raise Refused(
        f"NOT_SUPPORTED: athena-local does not translate 'alter table ... {' '.join(rest.split()[:3])}'; "
        "it knows rename to, add columns, drop column, change column and set tblproperties"
    )


def _alter(name: TableName, iceberg: bool, action: str) -> Query:
    return Query(f"alter table {name.quoted(ICEBERG if iceberg else HIVE)} {action}")


def _altered(name: TableName, *steps: Query | SetGlueParameters) -> Statement:
    return Statement("DDL", "ALTER_TABLE", steps, table=name)


def _rename(name: TableName, new: TableName, iceberg: bool) -> Statement:
    if not iceberg:
        raise Refused(
            f"NOT_SUPPORTED: ALTER TABLE RENAME is for Iceberg tables, and {name} is none"
        )
    step = _alter(name, iceberg, f"rename to {new.quoted(ICEBERG)}")
    return Statement("DDL", "ALTER_TABLE", (step,), table=name, renamed_to=new)


def _add_column(name: TableName, column: str, hive: str, iceberg: bool) -> Query:
    return _alter(name, iceberg, f"add column {quoted(column)} {_column_type(hive, iceberg)}")


def _change_column(name: TableName, old: str, new: str, hive: str, iceberg: bool) -> Statement:
    hive = re.sub(r"\s+comment\s+'.*\Z", "", hive, flags=FLAGS)
    old, new = unquote(old), unquote(new)
    change = f"alter column {quoted(new)} set data type {_column_type(hive, iceberg)}"
    if old == new:
        return _altered(name, _alter(name, iceberg, change))
    # Athena's form always states the type; where it is the old one, setting it changes nothing.
    rename = f"rename column {quoted(old)} to {quoted(new)}"
    return _altered(name, _alter(name, iceberg, rename), _alter(name, iceberg, change))


def _column_type(hive: str, iceberg: bool) -> str:
    trino = trino_type(hive, iceberg)
    if iceberg and (refusal := iceberg_refusal(trino)):
        raise Refused(refusal)
    return trino


def _set_properties(name: TableName, properties: dict[str, str], iceberg: bool) -> Statement:
    if not iceberg:
        return _altered(name, SetGlueParameters(name, properties))
    if unknown := sorted(set(properties) - ICEBERG_OPTIONS):
        raise Refused(f"INVALID_TABLE_PROPERTY: table property {unknown[0]!r} does not exist")
    return _altered(name, _alter(name, True, f"set properties {iceberg_properties(properties)}"))

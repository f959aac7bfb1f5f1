"""Athena's SQL as Trino and Glue take it: what is known is translated, the rest is refused by name.

Athena is a Trino, so queries go through as they are; what differs is DDL.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lake.athena_local import alter, create
from lake.athena_local.sql_text import FLAGS, NAME, code, split, table_name, unquote
from lake.athena_local.statements import (
    HIVE,
    ICEBERG,
    KindOf,
    Query,
    Refused,
    Statement,
    Vacuum,
)
from lake.sql import quoted

MAX_QUERY_BYTES = 262_144
WRITES = re.compile(rf"(?:insert\s+into|merge\s+into|delete\s+from|update)\s+{NAME}", FLAGS)
QUERIES = ("SELECT", "WITH", "VALUES", "TABLE", "(")
SHOWS = re.compile(r"show\s+(?:schemas|databases|tables|columns|functions)\b", FLAGS)


def translate(sql: str, schema: str, kind_of: KindOf) -> Statement:
    """What to do for a statement of Athena.

    Args:
        sql: the statement as Athena would get it.
        schema: the Glue database that unqualified names mean.
        kind_of: what Glue says a table is.

    Raises:
        Refused: Athena does not take it, or its kind is not translated.
    """
    text = code(sql)
    if not text:
        raise Refused("INVALID_INPUT: the query has no text")
    if len(split(text, ";")) > 1:
        raise Refused(f"INVALID_INPUT: Only one sql statement is allowed. Got: {text[:200]}")
    for pattern, of in KINDS:
        if match := pattern.match(text):
            try:
                return of(text, match, schema, kind_of)
            except ValueError as error:
                raise Refused(f"INVALID_INPUT: cannot read {_opening(text)!r}: {error}") from error
    raise Refused(
        f"NOT_SUPPORTED: athena-local does not translate {_opening(text)!r}; it knows select, insert, "
        "merge, update, delete, explain, show, describe, create/drop/alter of tables, views and "
        "databases, optimize, vacuum and msck repair table"
    )


def _opening(text: str) -> str:
    """The first words of a statement, enough to say of which kind it is."""
    return " ".join(text.split()[:4])


def _query(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    return Statement("DML", "SELECT", (Query(text),))


def _write(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    word = text.split(None, 1)[0].upper()
    return Statement("DML", word, (Query(text),), table=table_name(match[1], schema))


def _explain(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    return Statement("DML", "EXPLAIN", (Query(text),))


def _show(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    trino = re.sub(r"\Ashow\s+databases", "show schemas", text, flags=FLAGS)
    return Statement("UTILITY", "SHOW", (Query(_double_quotes(trino)),))


def _describe(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    name = table_name(match[1], schema)
    return Statement("UTILITY", "DESCRIBE", (Query(f"describe {name.quoted(HIVE)}"),))


def _double_quotes(text: str) -> str:
    return re.sub(r"`([^`]+)`", lambda match: quoted(match[1]), text)


def _drop_database(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    exists = "if exists " if match[1] else ""
    cascade = " cascade" if match[3] else ""
    sql = f"drop schema {exists}{HIVE}.{quoted(unquote(match[2]))}{cascade}"
    return Statement("DDL", "DROP_DATABASE", (Query(sql),))


def _drop(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    what, exists, name = match[1].lower(), match[2] or "", table_name(match[3], schema)
    catalog = ICEBERG if what == "table" and kind_of(name) == "iceberg" else HIVE
    step = Query(f"drop {what} {exists}{name.quoted(catalog)}")
    return Statement("DDL", f"DROP_{what.upper()}", (step,), table=name)


def _optimize(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    name = table_name(match[1], schema)
    where = match[2].strip()
    step = Query(f"alter table {name.quoted(ICEBERG)} execute optimize {where}".rstrip())
    return Statement("DML", "OPTIMIZE", (step,), table=name)


def _vacuum(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    name = table_name(match[1], schema)
    if kind_of(name) != "iceberg":
        raise Refused(f"NOT_SUPPORTED: VACUUM is for Iceberg tables, and {name} is none")
    return Statement("DDL", "VACUUM", (Vacuum(name),), table=name)


def _repair(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    name = table_name(match[1], schema)
    call = (
        f"call {HIVE}.system.sync_partition_metadata(schema_name => '{name.schema}', "
        f"table_name => '{name.table}', mode => 'ADD')"
    )
    return Statement("DDL", "MSCK_REPAIR", (Query(call),), table=name)


Translator = Callable[[str, re.Match[str], str, KindOf], Statement]


def _kinds(*kinds: tuple[str, Translator]) -> tuple[tuple[re.Pattern[str], Translator], ...]:
    return tuple((re.compile(pattern, FLAGS), of) for pattern, of in kinds)


# The first pattern that matches decides.
KINDS = _kinds(
    (r"(?:(?:select|with|values|table)\b|\()", _query),
    (WRITES.pattern, _write),
    (r"explain\b", _explain),
    (SHOWS.pattern, _show),
    (rf"(?:describe|desc)\s+{NAME}\Z", _describe),
    (rf"create\s+table\s+{NAME}\s+with\s*\(", create.table_as_select),
    (rf"create\s+table\s+{NAME}\s+as\b", create.table_as_select_bare),
    (rf"create\s+table\s+(if\s+not\s+exists\s+)?{NAME}\s*\(", create.iceberg_table),
    (rf"create\s+external\s+table\s+(if\s+not\s+exists\s+)?{NAME}\s*\(", create.external_table),
    (rf"create\s+(or\s+replace\s+)?view\s+{NAME}\s+as\b", create.view),
    (rf"create\s+(?:schema|database)\s+(if\s+not\s+exists\s+)?{NAME}", create.database),
    (rf"drop\s+(?:schema|database)\s+(if\s+exists\s+)?{NAME}(\s+cascade)?\Z", _drop_database),
    (rf"drop\s+(table|view)\s+(if\s+exists\s+)?{NAME}\Z", _drop),
    (rf"alter\s+table\s+{NAME}\s+(.*)", alter.table),
    (rf"optimize\s+{NAME}\s+rewrite\s+data\s+using\s+bin_pack\b(.*)", _optimize),
    (rf"vacuum\s+{NAME}\Z", _vacuum),
    (rf"msck\s+repair\s+table\s+{NAME}\Z", _repair),
)

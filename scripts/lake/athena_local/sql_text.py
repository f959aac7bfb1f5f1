"""Reading SQL text by its outer shape only: comments, brackets, quotes and names.

Nothing here knows a statement; `translate` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lake.sql import quoted

OPENING, CLOSING, QUOTES = "([<", ")]>", "'\"`"
# Up to three parts, each bare or quoted by double quotes or back-ticks.
PART = r'(?:"(?:[^"]|"")+"|`[^`]+`|[\w$\-]+)'
NAME = rf"({PART}(?:\s*\.\s*{PART}){{0,2}})"
FLAGS = re.IGNORECASE | re.DOTALL


@dataclass(frozen=True)
class TableName:
    """A table or view in the Glue catalogue."""

    schema: str
    table: str

    def quoted(self, catalog: str) -> str:
        """The name as Trino reads it."""
        return ".".join(quoted(part) for part in (catalog, self.schema, self.table))

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}"


def unquote(part: str) -> str:
    """An identifier without its quotes, in lower case as Glue keeps every name."""
    part = part.strip()
    if part[:1] in '"`':
        part = part[1:-1].replace('""', '"')
    return part.lower()


def table_name(text: str, schema: str) -> TableName:
    """`catalog.schema.table`, `schema.table` or `table`, quoted either way; `schema` is the default."""
    parts = [unquote(part) for part in re.findall(PART, text)]
    return TableName(parts[-2] if len(parts) > 1 else schema, parts[-1])


def code(sql: str) -> str:
    """The statement without the comments around it and without its last semicolon."""
    start, end, at = len(sql), 0, 0
    while at < len(sql):
        last = _skip(sql, at)
        is_comment = sql.startswith(("--", "/*"), at)
        if not is_comment and not sql[at].isspace():
            start = min(start, at)
            end = end if sql[at] == ";" else last + 1
        at = last + 1
    return sql[start:end]


def _skip(text: str, at: int) -> int:
    """The end of a quoted piece or a comment that begins at `at`; `at` where none does."""
    if text[at] in QUOTES:
        end = text.find(text[at], at + 1)
        return len(text) - 1 if end < 0 else end
    if text.startswith("--", at):
        end = text.find("\n", at)
        return len(text) - 1 if end < 0 else end
    if text.startswith("/*", at):
        end = text.find("*/", at)
        return len(text) - 1 if end < 0 else end + 1
    return at


def closing(text: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed.

    Raises:
        ValueError: it never is.
    """
    depth = 0
    while at < len(text):
        at = _skip(text, at)
        if text[at] in OPENING:
            depth += 1
        elif text[at] in CLOSING:
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise ValueError("a bracket is never closed")


def split(text: str, separator: str = ",") -> list[str]:
    """The parts of a list, separated outside quotes and brackets; `[]` for an empty one."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(text):
        at = _skip(text, at)
        if text[at] in OPENING:
            depth += 1
        elif text[at] in CLOSING:
            depth -= 1
        elif text[at] == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def string_pairs(text: str) -> dict[str, str]:
    """`'a'='b', 'c'='d'` as a dict."""
    found = re.findall(r"'((?:[^']|'')*)'\s*=\s*'((?:[^']|'')*)'", text)
    return {key.replace("''", "'"): value.replace("''", "'") for key, value in found}


def column_pairs(text: str) -> list[tuple[str, str]]:
    """`` `a` int, b string comment 'x' `` as name and type, comments dropped.

    Raises:
        ValueError: a column has no type.
    """
    pairs = []
    for part in split(text):
        match = re.match(rf"({PART})\s+(.+)", part, FLAGS)
        if not match:
            raise ValueError(f"a column without a type: {part}")
        data_type = re.sub(r"\s+comment\s+'(?:[^']|'')*'\s*\Z", "", match[2], flags=FLAGS)
        pairs.append((unquote(match[1]), data_type.strip()))
    return pairs

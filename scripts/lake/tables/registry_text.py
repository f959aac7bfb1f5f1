"""A registry file as text: new entries are put between its lines, and every line that stood there stays as it was.

A YAML library that keeps comments would still lay the rest of the file out anew; here nobody's line moves. What came
out is parsed again and compared before it is used.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from lake.errors import UsageError
from lake.tables.found import Column, Found
from lake.tables.names import yaml_text

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Data = dict[str, Any]


@dataclass(frozen=True)
class Registry:
    """One registry file and the source in it; `text` is empty where there is no file yet."""

    path: str
    text: str
    source: str

    @cached_property
    def entry(self) -> Data:
        """The source as the file says it."""
        return _source_of(yaml.load(self.text, LOADER), self.source) if self.text else {}

    def edited(
        self,
        fields: Mapping[str, Any],
        tables: Sequence[Found],
        columns: Mapping[str, Sequence[Column]],
    ) -> str:
        """The file with these tables at the end of the source, and these columns at the end of their tables.

        Args:
            fields: registry fields of the source, used where the file is new.
            tables: new tables; their `fields` are what differs from the source.
            columns: new columns of tables that the file has.
        """
        if not self.text:
            return _new_file(self.source, fields, tables)
        if not tables and not columns:
            return self.text
        after = copy.deepcopy(yaml.load(self.text, LOADER))
        source = _source_of(after, self.source)
        source["tables"] = source.get("tables") or []
        for table in source["tables"]:
            more = columns.get(table["name"], ())
            table["columns"] = [*(table.get("columns") or []), *map(_column_data, more)]
            if not table["columns"]:
                del table["columns"]
        source["tables"] += [yaml.load("\n".join(_table_lines(t, 0)), LOADER)[0] for t in tables]
        text = self._inserted(tables, columns)
        if yaml.load(text, LOADER) != after:
            raise UsageError(
                f"{self.path}: entries cannot be put into it between its lines; "
                "write `tables` and `columns` of the source as plain lists, one item a line"
            )
        return text

    def _inserted(self, tables: Sequence[Found], columns: Mapping[str, Sequence[Column]]) -> str:
        end = "\r\n" if "\r\n" in self.text else "\n"
        lines = self.text.split(end)
        root = yaml.compose(self.text, LOADER)
        source = next(s for s in _value(root, "sources").value if _scalar(s, "name") == self.source)
        known = _value(source, "tables")
        puts: dict[int, list[str]] = {}
        for table in known.value if isinstance(known, yaml.SequenceNode) else ():
            if more := columns.get(_scalar(table, "name")):
                place, indent, opening = self._place(table, "columns")
                puts.setdefault(place, []).extend(
                    opening + [line for column in more for line in _column_lines(column, indent)]
                )
        if tables:
            place, indent, opening = self._place(source, "tables")
            puts.setdefault(place, []).extend(
                opening + [line for table in tables for line in _table_lines(table, indent)]
            )
        for place in sorted(puts, reverse=True):
            lines[place + 1 : place + 1] = puts[place]
        text = end.join(lines)
        return text if text.endswith(end) else text + end

    def _place(self, node: Any, key: str) -> tuple[int, int, list[str]]:
        """The line after which a list of `node` goes on, its indentation, and the line that opens it if it is new."""
        value = _value(node, key)
        if value is None:
            column = node.start_mark.column
            return _last_line(node), column + 2, [f"{' ' * column}{key}:"]
        if isinstance(value, yaml.SequenceNode) and not value.flow_style:
            return _last_line(value), value.start_mark.column, []
        raise UsageError(
            f"{self.path}, line {value.start_mark.line + 1}: `{key}` is not a list with one item a line, "
            "so nothing can be added to it; write it as one"
        )


def _source_of(data: Any, name: str) -> Data:
    """The source of that name, or nothing."""
    sources = (data or {}).get("sources") or [] if isinstance(data, dict) else []
    return next((s for s in sources if isinstance(s, dict) and s.get("name") == name), {})


def _value(node: Any, key: str) -> Any:
    return next((value for name, value in node.value if name.value == key), None)


def _scalar(node: Any, key: str) -> str:
    value = _value(node, key)
    return value.value if value is not None else ""


def _last_line(node: Any) -> int:
    """The last line on which something of a node stands; a block's own end lies behind comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        is_block_text = getattr(node, "style", None) in ("|", ">")
        return node.end_mark.line - (is_block_text and node.end_mark.column == 0)
    last = node.value[-1]
    return max(map(_last_line, last)) if isinstance(last, tuple) else _last_line(last)


def _new_file(source: str, fields: Mapping[str, Any], tables: Sequence[Found]) -> str:
    lines = ["sources:", f"  - name: {yaml_text(source)}", f"    schema: raw_{source}"]
    lines += ["    config:", "      meta:", "        dms_lake:"]
    lines += [f"          {name}: {yaml_text(value)}" for name, value in fields.items()]
    lines += ["    tables:"]
    return "\n".join(lines + [line for table in tables for line in _table_lines(table, 6)]) + "\n"


def _table_lines(table: Found, indent: int) -> list[str]:
    facts = {"key": list(table.key or ()), **table.fields}
    inner = ", ".join(f"{name}: {yaml_text(value)}" for name, value in facts.items())
    space = " " * indent
    lines = [
        f"{space}- name: {yaml_text(table.name)}",
        f"{space}  config: {{meta: {{dms_lake: {{{inner}}}}}}}",
        f"{space}  columns:",
    ]
    return lines + [line for c in table.columns for line in _column_lines(c, indent + 4)]


def _column_lines(column: Column, indent: int) -> list[str]:
    note = f"  # {' '.join(column.note.split())}" if column.note else ""
    return [
        f"{' ' * indent}- {{name: {yaml_text(column.name)}, data_type: {yaml_text(column.data_type)}}}{note}"
    ]


def _column_data(column: Column) -> Data:
    return {"name": column.name, "data_type": column.data_type}

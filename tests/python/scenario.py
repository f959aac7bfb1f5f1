"""The stories under tests/scenarios, and one lake that lives through all of them at once.

A story is one table. dbt's start costs more than a table does, so all stories share a project, and the same round of
each is built together; every story is judged by its own table alone. tests/scenarios/README.md says how one is written.
"""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from lakehouse import REPOSITORY, Lakehouse, Row, Table

STORIES = REPOSITORY / "tests" / "scenarios"
STORY_FIELDS = {"table", "rounds", "full_refresh", "fresh", "not_on_athena"}
ROUND_FIELDS = {
    *("operations", "remove", "files", "columns", "fields", "on_athena", "land_again"),
    *("said", "refused", "current", "tombstones", "rejected", "holds"),
}
TABLE_FIELDS = {"fields", "columns", "identifier"}
FILE_FIELDS = {"content", "gzip", "encoding", "modified", "types"}
ROOMS = ("lat", "cur", "rej")
AUDITS = ("aud_files", "aud_columns", "aud_tables", "aud_generations")
NOT_LANDED = "not landed: "
ARROW = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "smallint": pa.int16(),
    "boolean": pa.bool_(),
    "double": pa.float64(),
    "real": pa.float32(),
    "varchar": pa.string(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamp_ms": pa.timestamp("ms"),
    "binary": pa.binary(),
}


@dataclass
class Seen:
    """What a build left of one story: its tables by room (`lat`, `cur`, `rej`), audit rows, and dbt's words about it."""

    tables: dict[str, list[Row]]
    messages: list[str] = field(repr=False)

    @property
    def errors(self) -> list[str]:
        """The models of the story that failed, or its landing, with their messages."""
        failed = rf"\bError in model\b|^{NOT_LANDED}"
        return [text for text in self.messages if re.search(failed, text)]

    def rows(self, *without: str) -> dict[str, list[str]]:
        """Every row of the story's three tables, as texts in a fixed order."""
        return {room: sorted(text_of(row, *without) for row in self.tables[room]) for room in ROOMS}


class Story:
    """One folder of tests/scenarios."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.folder = folder
        self.facts: dict[str, Any] = yaml.safe_load((folder / "scenario.yml").read_text())
        self.table: dict[str, Any] = self.facts["table"]
        self.rounds: list[dict[str, Any]] = self.facts["rounds"]
        self.key: list[str] = self.table["fields"]["key"]
        unknown = (set(self.facts) - STORY_FIELDS) | (set(self.table) - TABLE_FIELDS)
        unknown |= {name for step in self.rounds for name in set(step) - ROUND_FIELDS}
        assert not unknown, f"{self.name}: unknown fields {sorted(unknown)}"

    def columns(self, number: int) -> dict[str, Any]:
        """The declared columns as the registry has them in a round: a type, or `{type, added, dropped}`."""
        given = [self.table, *self.rounds[: number + 1]]
        return dict([step["columns"] for step in given if step.get("columns")][-1])

    def types(self, number: int) -> dict[str, str]:
        """The declared type of every column in a round."""
        columns = self.columns(number).items()
        return {name: note["type"] if isinstance(note, dict) else note for name, note in columns}

    def node(self, number: int) -> dict[str, Any]:
        """The registry entry as it stands in a round; after the story's end, as it stood then."""
        number = min(number, len(self.rounds) - 1)
        fields = dict(self.table["fields"])
        for step in self.rounds[: number + 1]:
            fields |= step.get("fields") or {}
        notes = {
            name: {key: value for key, value in note.items() if key != "type"}
            for name, note in self.columns(number).items()
            if isinstance(note, dict)
        }
        named = {k: v for k, v in self.table.items() if k == "identifier"}
        return Table(self.types(number), fields, notes).node(self.name) | named

    def expected(self, rows: list[list[Any]], number: int) -> list[str]:
        """Rows given as lists in the order of the declared columns, as texts that compare."""
        types = self.types(number)
        texts = []
        for row in rows:
            assert len(row) == len(types), f"{self.name}: {row} has not {len(types)} values"
            pairs = zip(types.items(), row, strict=True)
            texts.append(text_of({name: self.value(value, kind) for (name, kind), value in pairs}))
        return sorted(texts)

    def value(self, given: Any, declared: str) -> Any:
        """A value of the YAML as the engine gives it."""
        return typed_value(given, declared)

    def current(self, seen: Seen, number: int) -> list[str]:
        """The living rows that came out, business columns only."""
        names = self.types(number)
        return sorted(text_of({name: row[name] for name in names}) for row in seen.tables["cur"])


def stories() -> list[Story]:
    """Every story, by name."""
    return [Story(path.parent) for path in sorted(STORIES.glob("*/scenario.yml"))]


def text_of(row: Mapping[str, Any], *without: str) -> str:
    """A row as a text: equal exactly where names, types and values are."""
    return repr({name: row[name] for name in sorted(row) if name not in without})


def typed_value(value: Any, declared: str) -> Any:
    """A value as YAML gives it, as DuckDB's Python client gives a value of the declared type."""
    if value is None:
        return None
    if declared.startswith("decimal"):
        return decimal.Decimal(str(value))
    if declared.startswith("timestamp"):
        return dt.datetime.fromisoformat(str(value))
    if declared == "time":
        return dt.time.fromisoformat(value)
    if declared in ("double", "real"):
        return float(value)
    if declared == "binary":
        return bytes.fromhex(value)
    return value


class Stage:
    """The lake of all stories, and the time that they call now."""

    def __init__(self, lakehouse: Lakehouse, told: list[Story]) -> None:
        self.told = told
        self.now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        self.lakehouse = lakehouse
        self.is_fresh = True
        self.lakehouse.write_models([story.name for story in told])
        for room in ("audit", "docs"):
            # dbt follows no link below its model path.
            (self.lakehouse.project / "models" / room).unlink()
            shutil.copytree(REPOSITORY / "models" / room, self.lakehouse.project / "models" / room)

    def register(self, number: int) -> None:
        """Write the registry as it stands in a round: a file for each story, so that dbt parses only what changed."""
        for story in self.told:
            source = self.source() | {"name": "shop", "tables": [story.node(number)]}
            path = self.lakehouse.project / "models" / "raw" / f"_{story.name}__sources.yml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump({"sources": [source]}, sort_keys=False))

    def source(self) -> dict[str, Any]:
        """What the registry says of all stories' tables."""
        return {"config": {"meta": {"dms_lake": {"root": self.lakehouse.raw_root}}}}

    def deliver(self, story: Story, number: int) -> None:
        """Run the operations of a round, take files away and lay new ones down."""
        step = story.rounds[number]
        for macro in step.get("operations", []):
            self.lakehouse.operation(macro, table=f"shop.{story.name}")
        folder = story.table.get("identifier", story.name)
        for name in step.get("remove", []):
            (self.lakehouse.lake / folder / self.named(name)).unlink()
        for name, given in step.get("files", {}).items():
            facts = given if isinstance(given, dict) else {"content": given}
            assert set(facts) <= FILE_FIELDS, f"{story.name}: {name} has {sorted(facts)}"
            path = self.named(name)
            modified = self.modified(path, facts.get("modified"))
            self.lakehouse.put(f"{folder}/{path}", content_of(story, number, facts), modified)

    def named(self, name: str) -> str:
        """A file name with `{now-5m}` replaced by the stamp of that moment."""

        def stamp(match: re.Match[str]) -> str:
            return self.moment(match[1]).strftime("%Y%m%d-%H%M%S") + "000"

        return re.sub(r"\{(now[+-]\d+m)\}", stamp, name)

    def moment(self, text: str) -> dt.datetime:
        """`now-5m` as a time."""
        return self.now + dt.timedelta(minutes=int(text[3:-1]))

    def modified(self, path: str, given: str | dt.datetime | None) -> dt.datetime:
        """When S3 says that a file was written: as given, or the time in its name; of a load New Year 2024."""
        if given is not None:
            return self.moment(given) if isinstance(given, str) else given
        stamp = re.search(r"(\d{8}-\d{6})\d+\.[a-z.]+$", path)
        return dt.datetime.strptime(stamp[1] if stamp else "20240101-000000", "%Y%m%d-%H%M%S")

    def build(self, chosen: list[Story], *arguments: str) -> dict[str, Seen]:
        """Build the stories' models, and see what came out of each."""
        if not chosen:
            return {}
        selected = [f"chg_shop__{story.name}+" for story in chosen]
        if self.is_fresh:
            selected.append("dms_lake.audit")
        self.is_fresh = False
        tests = ("--exclude-resource-type", "test")
        outcome = self.lakehouse.dbt("build", *arguments, *tests, "--select", *selected)
        return self.see(chosen, outcome.messages)

    def see(self, chosen: list[Story], messages: list[str]) -> dict[str, Seen]:
        """What a build left of each story."""
        with duckdb.connect(str(self.lakehouse.database), read_only=True) as connection:
            return {story.name: see(connection, story, messages) for story in chosen}

    def forget(self) -> None:
        """A database that never saw a round."""
        self.lakehouse.database.unlink()
        self.is_fresh = True

    def round(self, number: int) -> dict[str, Seen]:
        """One round of every story that has it."""
        chosen = [story for story in self.told if len(story.rounds) > number]
        self.register(number)
        for story in chosen:
            self.deliver(story, number)
        return self.build(chosen)


def see(connection: duckdb.DuckDBPyConnection, story: Story, messages: list[str]) -> Seen:
    """A story's tables and audit rows now; a table that was never made has no rows."""
    queries = {room: f"from {room}_shop__{story.name}" for room in ROOMS}
    for name in AUDITS:
        queries[name] = f"from {name} where source_table = 'shop.{story.name}'"
    tables = {name: rows_of(connection, query) for name, query in queries.items()}
    return Seen(tables, about(story, messages))


def about(story: Story, messages: list[str]) -> list[str]:
    """The messages that name a story's table or a model of it."""
    mine = re.compile(rf"shop(?:__|\.){re.escape(story.name)}\b")
    return [text for text in messages if mine.search(text)]


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a query; none where its relation does not exist."""
    try:
        cursor = connection.execute(query)
    except duckdb.CatalogException:
        return []
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def content_of(story: Story, number: int, facts: dict[str, Any]) -> str | bytes | pa.Table:
    """The content of a file: CSV text, or Parquet rows."""
    given = facts["content"]
    if isinstance(given, str):
        content = given.encode(facts.get("encoding", "utf-8"))
        return gzip.compress(content) if facts.get("gzip") else content
    return parquet(given, story.types(number) | facts.get("types", {}))


def parquet(rows: list[Row], types: Mapping[str, str]) -> pa.Table:
    """Rows as an Arrow table of the columns that the first row names, each of its declared type or else text."""
    declared = {name: types.get(name.removeprefix("BI_"), "varchar") for name in rows[0]}
    arrays = {
        name: pa.array([typed_value(row[name], kind) for row in rows], arrow_type(kind))
        for name, kind in declared.items()
    }
    return pa.table(arrays)


def arrow_type(declared: str) -> pa.DataType:
    """The Arrow type of a declared type: what DMS writes for it."""
    if match := re.fullmatch(r"decimal\((\d+), ?(\d+)\)", declared):
        return pa.decimal128(int(match[1]), int(match[2]))
    return ARROW[declared]

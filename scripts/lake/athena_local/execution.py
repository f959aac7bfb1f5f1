"""One query of Athena: translated, executed step by step on Trino and Glue, and recorded."""

from __future__ import annotations

import base64
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from lake.athena_local.column_types import NESTED, iceberg_refusal
from lake.athena_local.glue import GlueCatalog
from lake.athena_local.sql_text import FLAGS, PART, TableName, split, unquote
from lake.athena_local.statements import (
    HIVE,
    ICEBERG,
    CheckIcebergColumns,
    CreateInGlue,
    Query,
    Refused,
    SetGlueParameters,
    Statement,
    Step,
    Vacuum,
    WriteViewColumns,
)
from lake.athena_local.translate import translate
from lake.sql import literal

SYSTEM, USER = 1, 2
# Athena's number for errors of Iceberg; dbt-athena retries commit conflicts by it.
ICEBERG_ERROR = 233
DEFAULT_SNAPSHOT_AGE = "432000"
NODE_SECONDS = 60
NODE = re.compile(r'"node_id":\s*"([^"]+)"')


@dataclass
class Answer:
    """What Trino answered to one statement: columns as (name, type), rows and their count, rows written."""

    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    count: int = 0
    written: int | None = None
    scanned_bytes: int = 0


class Engine:
    """Where queries are executed: a Trino and a Glue."""

    def __init__(self, trino_port: int, glue: GlueCatalog) -> None:
        self.trino_port = trino_port
        self.glue = glue

    def run(self, query: Query, schema: str, running: Running | None = None) -> Answer:
        """One statement on Trino, to its end."""
        import trino

        connection = trino.dbapi.connect(
            host="127.0.0.1",
            port=self.trino_port,
            user="athena",
            catalog=HIVE,
            schema=schema,
            timezone="UTC",
            legacy_primitive_types=True,
            session_properties=dict(query.session),
            # A commit may have happened: only Athena's client decides whether to run it again.
            max_attempts=1,
        )
        cursor = connection.cursor()
        if running is not None:
            running.cursor = cursor
        rows = _when_a_node_is_known(lambda: cursor.execute(query.sql).fetchall())
        answer = Answer(scanned_bytes=int(cursor.stats.get("physicalInputBytes", 0)))
        if cursor.update_type is None:
            answer.columns = [(column[0], column[1]) for column in cursor.description or []]
            answer.rows, answer.count = rows, len(rows)
        elif cursor.rowcount >= 0:
            answer.written = cursor.rowcount
        return answer


def _when_a_node_is_known(ask: Callable[[], list[Any]]) -> list[Any]:
    """What Trino answers; in its first seconds its catalogs know of no node to run a query on."""
    from trino.exceptions import TrinoQueryError

    has_no_node = retry_if_exception(
        lambda error: (
            isinstance(error, TrinoQueryError) and error.error_name == "NO_NODES_AVAILABLE"
        )
    )
    patience = stop_after_delay(NODE_SECONDS)
    return Retrying(retry=has_no_node, stop=patience, wait=wait_fixed(0.2), reraise=True)(ask)


class Running:
    """A query from its start to its end, as Athena tells of it."""

    def __init__(self, sql: str, schema: str, work_group: str, output: str) -> None:
        self.id = str(uuid.uuid4())
        self.sql, self.schema, self.work_group, self.output = sql, schema, work_group, output
        self.state, self.reason, self.error = "QUEUED", "", dict[str, Any]()
        self.statement: Statement | None = None
        self.answer = Answer()
        self.started, self.ended = time.time(), 0.0
        self.trino_queries: list[str] = []
        self.cursor: Any = None
        self.done = threading.Event()
        node = NODE.search(sql)
        self.node = node[1] if node else None

    def execute(self, engine: Engine) -> None:
        """Run it, whatever comes; the outcome is in `state`, `reason` and `answer`."""
        from trino.exceptions import TrinoQueryError

        self.state = "RUNNING"
        try:
            self.statement = translate(self.sql, self.schema, engine.glue.kind)
            for step in self.statement.steps:
                if self.state == "CANCELLED":
                    break
                self._take(step, engine)
            if self.state == "RUNNING":
                self.state = "SUCCEEDED"
        except Refused as refused:
            self._fail(str(refused), USER, refused.error_type)
        except TrinoQueryError as error:
            name = error.error_name or "GENERIC_INTERNAL_ERROR"
            number = ICEBERG_ERROR if name.startswith("ICEBERG") else 1001
            category = USER if error.error_type == "USER_ERROR" else SYSTEM
            self._fail(f"{name}: {error.message}", category, number)
        except Exception as error:
            self._fail(f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}", SYSTEM, 1)
        self.ended = time.time()

    def attribute(self, writers: dict[str, str]) -> None:
        """Name the dbt node of a statement without a comment, and keep who writes which table.

        dbt-athena comments neither `alter` and `drop` nor `optimize` and `vacuum`: they belong to
        the node that wrote the table last.
        """
        if self.statement is None or self.statement.table is None:
            return
        table, renamed = str(self.statement.table), self.statement.renamed_to
        self.node = self.node or writers.get(table)
        if self.node is not None:
            writers[table] = self.node
            if renamed is not None:
                writers[str(renamed)] = self.node

    def cancel(self) -> None:
        """Stop it, as StopQueryExecution does."""
        if not self.done.is_set():
            self.state, self.reason = "CANCELLED", "Query was cancelled by the user"
            if self.cursor is not None:
                self.cursor.cancel()

    def _fail(self, reason: str, category: int, number: int) -> None:
        if self.state != "CANCELLED":
            self.state, self.reason = "FAILED", reason
            self.error = {
                "ErrorCategory": category,
                "ErrorType": number,
                "Retryable": False,
                "ErrorMessage": reason,
            }

    def _take(self, step: Step, engine: Engine) -> None:
        """One step; the last answer of Trino becomes the query's, the bytes of all of them count."""
        if isinstance(step, Query):
            self._query(step, engine)
        elif isinstance(step, CheckIcebergColumns):
            limited = Query(f"select * from (\n{step.query}\n) limit 0")
            for name, of in engine.run(limited, self.schema, self).columns:
                if refusal := iceberg_refusal(of):
                    raise Refused(f"{refusal} (column {name}: {of})")
        elif isinstance(step, CreateInGlue):
            engine.glue.create(step)
        elif isinstance(step, SetGlueParameters):
            engine.glue.set_parameters(step)
        elif isinstance(step, WriteViewColumns):
            described = engine.run(Query(f"describe {step.name.quoted(HIVE)}"), self.schema, self)
            engine.glue.write_columns(step.name, [(row[0], row[1]) for row in described.rows])
        elif isinstance(step, Vacuum):
            self._vacuum(step.name, engine)

    def _query(self, query: Query, engine: Engine) -> None:
        scanned = self.answer.scanned_bytes
        self.trino_queries.append(query.sql)
        self.answer = engine.run(query, self.schema, self)
        self.answer.scanned_bytes += scanned

    def _vacuum(self, name: TableName, engine: Engine) -> None:
        properties = TableName(name.schema, f"{name.table}$properties").quoted(ICEBERG)
        asked = f"select value from {properties} where key = 'vacuum_max_snapshot_age_seconds'"
        rows = engine.run(Query(asked), self.schema, self).rows
        age = literal(f"{rows[0][0] if rows else DEFAULT_SNAPSHOT_AGE}s")
        for procedure in ("expire_snapshots", "remove_orphan_files"):
            action = f"execute {procedure}(retention_threshold => {age})"
            self._query(Query(f"alter table {name.quoted(ICEBERG)} {action}"), engine)
        self.answer = Answer(scanned_bytes=self.answer.scanned_bytes)

    def record(self) -> dict[str, Any]:
        """What tests and cost accounting read: see `AthenaLocal.statements`."""
        statement = self.statement
        return {
            "id": self.id,
            "database": self.schema,
            "node": self.node,
            "state": self.state,
            "reason": self.reason,
            "statement_type": statement.kind if statement else None,
            "substatement_type": statement.substatement if statement else None,
            "table": str(statement.table) if statement and statement.table else None,
            "renamed_to": str(statement.renamed_to) if statement and statement.renamed_to else None,
            "sql": self.sql,
            "trino": self.trino_queries,
            "started_at": self.started,
            "seconds": round((self.ended or time.time()) - self.started, 3),
            "rows": self.answer.count if self.answer.written is None else self.answer.written,
            "scanned_bytes": self.answer.scanned_bytes,
        }


def cell(value: Any, of: str) -> str:
    """A value as Athena writes it into a result, given its Trino type."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if (nested := NESTED.match(of)) and not isinstance(value, str):
        kind, parts = nested[1].lower(), split(nested[2])
        if kind == "row":
            fields = [re.match(rf"({PART})\s+(.+)", part, FLAGS) for part in parts]
            items = [(unquote(f[1]), f[2], v) for f, v in zip(fields, value, strict=True) if f]
            return "{" + ", ".join(f"{name}={cell(v, t)}" for name, t, v in items) + "}"
        if kind == "map":
            return "{" + ", ".join(f"{key}={cell(v, parts[1])}" for key, v in value.items()) + "}"
        return "[" + ", ".join(cell(item, parts[0]) for item in value) + "]"
    if of == "varbinary":
        return base64.b64decode(value).hex(" ")
    return str(value)

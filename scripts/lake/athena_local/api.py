"""Athena's API over HTTP (JSON 1.1): the calls that dbt-athena, PyAthena and boto3 users make.

Beside it, under `/local`, what AWS has not: the record of statements, and the stack's own controls.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs, urlsplit

from lake.athena_local.column_types import athena_type
from lake.athena_local.execution import Engine, Running, cell
from lake.athena_local.sql_text import code, split
from lake.athena_local.translate import MAX_QUERY_BYTES

PAGE = 1000
# GetQueryExecution answers when the query ends, or after this: dbt sleeps a second between calls.
LONG_POLL_SECONDS = 20
# As Athena's default quota of DML queries; more wait.
CONCURRENT_QUERIES = 20
# Of how many queries the rows are kept; a client fetches them right away.
KEPT_RESULTS = 500
ENGINE = {
    "SelectedEngineVersion": "AUTO",
    "EffectiveEngineVersion": "Athena engine version 3",
}


class InvalidRequest(Exception):
    """What the API answers by InvalidRequestException."""


class Athena:
    """The state behind the API: every query since the start."""

    def __init__(self, engine: Engine, log: Path, output: str) -> None:
        self.engine = engine
        self.output = output
        self.queries: dict[str, Running] = {}
        self._pool = ThreadPoolExecutor(CONCURRENT_QUERIES)
        self._log: TextIO = log.open("a", buffering=1)
        self._lock = threading.Lock()
        self._writers: dict[str, str] = {}

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """One call of the API."""
        if operation not in OPERATIONS:
            raise InvalidRequest(
                f"athena-local does not know the call {operation}; it knows {', '.join(OPERATIONS)}"
            )
        return OPERATIONS[operation](self, request)

    def statements(self, after: int = 0) -> list[dict[str, Any]]:
        """The record of every statement that ended, in the order of their starts, from the `after`-th on."""
        return [q.record() for q in list(self.queries.values())[after:] if q.done.is_set()]

    def start(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """StartQueryExecution."""
        sql = request["QueryString"]
        if (size := len(sql.encode())) > MAX_QUERY_BYTES:
            raise InvalidRequest(
                f"Query string length ({size}) is greater than the maximum allowed length ({MAX_QUERY_BYTES})"
            )
        if len(split(code(sql), ";")) > 1:
            raise InvalidRequest(f"Only one sql statement is allowed. Got: {sql[:200]}")
        schema = (request.get("QueryExecutionContext") or {}).get("Database") or "default"
        output = (request.get("ResultConfiguration") or {}).get("OutputLocation") or self.output
        query = Running(sql, schema, request.get("WorkGroup") or "primary", output)
        with self._lock:
            self.queries[query.id] = query
            self._forget()
        self._pool.submit(self._execute, query)
        return {"QueryExecutionId": query.id}

    def _execute(self, query: Running) -> None:
        try:
            query.execute(self.engine)
            with self._lock:
                query.attribute(self._writers)
                self._log.write(json.dumps(query.record()) + "\n")
        finally:
            query.done.set()

    def _forget(self) -> None:
        """Drop the rows, though not the record, of the query that began KEPT_RESULTS queries ago."""
        if len(self.queries) > KEPT_RESULTS:
            old = next(islice(reversed(self.queries.values()), KEPT_RESULTS, None))
            old.answer.rows = []

    def _query(self, query_id: str) -> Running:
        if query_id not in self.queries:
            raise InvalidRequest(f"QueryExecution {query_id} was not found")
        return self.queries[query_id]

    def get(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetQueryExecution."""
        query = self._query(request["QueryExecutionId"])
        query.done.wait(LONG_POLL_SECONDS)
        return {"QueryExecution": describe(query)}

    def get_many(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """BatchGetQueryExecution."""
        asked = request["QueryExecutionIds"]
        return {
            "QueryExecutions": [describe(self.queries[i]) for i in asked if i in self.queries],
            "UnprocessedQueryExecutionIds": [
                {"QueryExecutionId": i} for i in asked if i not in self.queries
            ],
        }

    def stop(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """StopQueryExecution."""
        self._query(request["QueryExecutionId"]).cancel()
        return {}

    def results(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetQueryResults: a page of rows; the first of a query begins with the columns' names."""
        query = self._query(request["QueryExecutionId"])
        if query.state != "SUCCEEDED" or query.statement is None:
            raise InvalidRequest(
                f"Query did not finish successfully. Final query state: {query.state}"
            )
        first = int(request.get("NextToken") or 0)
        last = first + min(int(request.get("MaxResults") or PAGE), PAGE)
        columns = query.answer.columns
        rows = [
            [
                {} if value is None else {"VarCharValue": cell(value, of)}
                for value, (_, of) in zip(row, columns, strict=True)
            ]
            for row in query.answer.rows[first:last]
        ]
        if first == 0 and columns and query.statement.substatement == "SELECT":
            rows.insert(0, [{"VarCharValue": name} for name, _ in columns])
        answer: dict[str, Any] = {
            "ResultSet": {
                "Rows": [{"Data": row} for row in rows],
                "ResultSetMetadata": {"ColumnInfo": [_column(*column) for column in columns]},
            }
        }
        if query.answer.written is not None:
            answer["UpdateCount"] = query.answer.written
        if last < len(query.answer.rows):
            answer["NextToken"] = str(last)
        return answer

    def work_group(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetWorkGroup: every name is one that leaves the place of results to the client."""
        return {
            "WorkGroup": {
                "Name": request["WorkGroup"],
                "State": "ENABLED",
                "Configuration": {
                    "EnforceWorkGroupConfiguration": False,
                    "ResultConfiguration": {"OutputLocation": self.output},
                    "EngineVersion": ENGINE,
                },
            }
        }

    def data_catalog(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetDataCatalog: Glue, of the account that moto plays."""
        return {
            "DataCatalog": {
                "Name": request["Name"],
                "Type": "GLUE",
                "Parameters": {"catalog-id": "123456789012"},
            }
        }

    def data_catalogs(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """ListDataCatalogs."""
        return {"DataCatalogsSummary": [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]}


OPERATIONS: dict[str, Callable[[Athena, Mapping[str, Any]], dict[str, Any]]] = {
    "StartQueryExecution": Athena.start,
    "GetQueryExecution": Athena.get,
    "BatchGetQueryExecution": Athena.get_many,
    "StopQueryExecution": Athena.stop,
    "GetQueryResults": Athena.results,
    "GetWorkGroup": Athena.work_group,
    "GetDataCatalog": Athena.data_catalog,
    "ListDataCatalogs": Athena.data_catalogs,
}


def _column(name: str, of: str) -> dict[str, Any]:
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": athena_type(of),
        "Precision": 0,
        "Scale": 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": True,
    }


def describe(query: Running) -> dict[str, Any]:
    """A query as GetQueryExecution tells of it."""
    status: dict[str, Any] = {"State": query.state, "SubmissionDateTime": query.started}
    if query.ended:
        status["CompletionDateTime"] = query.ended
    if query.reason:
        status["StateChangeReason"] = query.reason
    if query.error:
        status["AthenaError"] = query.error
    milliseconds = int(((query.ended or time.time()) - query.started) * 1000)
    statement = query.statement
    return {
        "QueryExecutionId": query.id,
        "Query": query.sql,
        "StatementType": statement.kind if statement else "DML",
        "SubstatementType": statement.substatement if statement else "",
        "ResultConfiguration": {"OutputLocation": f"{query.output.rstrip('/')}/{query.id}.csv"},
        "QueryExecutionContext": {"Database": query.schema, "Catalog": "awsdatacatalog"},
        "Status": status,
        "Statistics": {
            "EngineExecutionTimeInMillis": milliseconds,
            "TotalExecutionTimeInMillis": milliseconds,
            "DataScannedInBytes": query.answer.scanned_bytes,
        },
        "WorkGroup": query.work_group,
        "EngineVersion": ENGINE,
    }


class Server(ThreadingHTTPServer):
    """The API on a free port; `control` answers POST /local/<word>."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, athena: Athena, control: Callable[[str], dict[str, Any]]) -> None:
        self.athena, self.control = athena, control
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the statements have a log of their own."""

    def do_GET(self) -> None:
        """`/local/statements?after=N`, or a sign of life."""
        url = urlsplit(self.path)
        if url.path == "/local/statements":
            after = int(parse_qs(url.query).get("after", ["0"])[0])
            self._answer(200, {"statements": self.server.athena.statements(after)})
        else:
            self._answer(200, {"queries": len(self.server.athena.queries)})

    def do_POST(self) -> None:
        """A call of Athena, or a control of the stack."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if self.path.startswith("/local/"):
                self._answer(200, self.server.control(self.path.removeprefix("/local/")))
                return
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            self._answer(200, self.server.athena.call(operation, json.loads(body or b"{}")))
        except (InvalidRequest, KeyError) as error:
            text = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            self._fail(400, "InvalidRequestException", text)
        except Exception as error:
            self._fail(500, "InternalServerException", f"{type(error).__name__}: {error}")

    def _fail(self, status: int, name: str, message: str) -> None:
        self._answer(status, {"__type": name, "Message": message}, name)

    def _answer(self, status: int, content: Mapping[str, Any], error: str | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(body)

"""The handle of a local Athena: start it, use it, stop it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake.athena_local import clients
from lake.athena_local.trino_server import KEY, REGION
from lake.errors import LakeError

UP_SECONDS = 900
DOWN_SECONDS = 40


class QueryFailed(LakeError):
    """A query ended as FAILED or CANCELLED; the text is Athena's reason."""


@dataclass(frozen=True)
class AthenaLocal:
    """A running stack.

    Args:
        home: its folder: logs (`supervisor.log`, `moto.log`, `trino/trino.log`), `statements.jsonl`.
        aws_url: Glue, S3 and STS.
        athena_url: Athena.
        trino_url: Trino itself, for looking behind.
    """

    home: Path
    aws_url: str
    athena_url: str
    trino_url: str
    pid: int
    trino_pid: int
    moto_pid: int

    @classmethod
    def find(cls, home: Path) -> AthenaLocal | None:
        """The stack that runs in `home`; None where none answers."""
        try:
            state = json.loads((home / "state.json").read_text())
            found = cls(home, **state)
            found._ask("/")
        except (OSError, ValueError, TypeError):
            return None
        return found

    @classmethod
    def up(
        cls, home: Path, owner: int | None = None, say: Callable[[str], None] = lambda _: None
    ) -> AthenaLocal:
        """Start a stack in `home`, or give the one that runs there.

        Args:
            home: a folder of its own; made where missing.
            owner: process whose end stops the stack; without it, it runs until `down`.
            say: told what takes long.

        Raises:
            LakeError: it did not start; the text says why.
        """
        home = home.resolve()
        if found := cls.find(home):
            return found
        home.mkdir(parents=True, exist_ok=True)
        (home / "state.json").unlink(missing_ok=True)
        log = home / "supervisor.log"
        arguments = [sys.executable, "-m", "lake.athena_local.supervisor", str(home)]
        arguments += ["--owner", str(owner)] if owner is not None else []
        with log.open("wb") as file:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return cls._wait(home, process, log, say)
        except BaseException:
            process.terminate()
            process.wait()
            raise

    @classmethod
    def _wait(
        cls, home: Path, process: subprocess.Popen[bytes], log: Path, say: Callable[[str], None]
    ) -> AthenaLocal:
        said = 0
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            text, _, error = log.read_text(errors="replace").partition("error: ")
            if ended:
                raise LakeError(f"athena-local did not start: {error or text}")
            lines = text.splitlines()
            for line in lines[said:]:
                say(line)
            said = len(lines)
            if found := cls.find(home):
                return found
            time.sleep(0.2)
        raise LakeError(f"athena-local did not start within {UP_SECONDS} s; its logs are in {home}")

    def down(self) -> None:
        """Stop it, and wait until nothing of it is left."""
        self._ask("/local/stop", post=True)
        deadline = time.monotonic() + DOWN_SECONDS
        while any(map(_lives, (self.pid, self.trino_pid, self.moto_pid))):
            if time.monotonic() > deadline:
                raise LakeError(
                    f"athena-local did not stop within {DOWN_SECONDS} s: process {self.pid}"
                )
            time.sleep(0.1)

    def restart_trino(self) -> AthenaLocal:
        """Start Trino anew, dead or alive, and give the new handle."""
        self._ask("/local/restart-trino", post=True)
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            found = self.find(self.home)
            if found and found.trino_pid != self.trino_pid:
                return found
            if not _lives(self.pid):
                break
            time.sleep(0.2)
        raise LakeError(f"Trino did not start again; see {self.home / 'supervisor.log'}")

    @contextmanager
    def refusing_writes(self, prefix: str) -> Iterator[None]:
        """While this is open, S3 answers every write below `s3://bucket/prefix` by 403 AccessDenied."""
        url = f"{self.aws_url}/local/refused-writes?{prefix.removeprefix('s3://')}"
        urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=30).close()
        try:
            yield
        finally:
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=30).close()

    def environment(self) -> dict[str, str]:
        """The variables by which boto3, dbt-athena and the profile's athena target find it."""
        return clients.environment(self.aws_url, self.athena_url)

    def client(self, service: str) -> Any:
        """A boto3 client of `athena`, `glue`, `s3` or `sts`."""
        return clients.client(service, self.athena_url if service == "athena" else self.aws_url)

    def pyiceberg_properties(self) -> dict[str, str]:
        """What `pyiceberg.catalog.load_catalog('glue', **properties)` needs."""
        return {
            "type": "glue",
            "glue.endpoint": self.aws_url,
            "glue.region": REGION,
            "glue.access-key-id": KEY,
            "glue.secret-access-key": KEY,
            "s3.endpoint": self.aws_url,
            "s3.region": REGION,
            "s3.access-key-id": KEY,
            "s3.secret-access-key": KEY,
            "s3.force-virtual-addressing": "false",
        }

    def sql(self, query: str, database: str = "default") -> list[dict[str, Any]]:
        """The rows of a query through the API, values as Athena's texts.

        Raises:
            QueryFailed: it did not succeed.
        """
        athena = self.client("athena")
        started = athena.start_query_execution(
            QueryString=query, QueryExecutionContext={"Database": database}
        )
        query_id = started["QueryExecutionId"]
        while True:
            execution = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            status = execution["Status"]
            if status["State"] in ("FAILED", "CANCELLED"):
                raise QueryFailed(status.get("StateChangeReason", status["State"]))
            if status["State"] == "SUCCEEDED":
                break
        rows: list[list[str | None]] = []
        columns: list[str] = []
        for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id):
            result = page["ResultSet"]
            columns = [info["Name"] for info in result["ResultSetMetadata"]["ColumnInfo"]]
            rows += [[cell.get("VarCharValue") for cell in row["Data"]] for row in result["Rows"]]
        with_names = execution["SubstatementType"] == "SELECT"
        return [dict(zip(columns, row, strict=True)) for row in rows[1 if with_names else 0 :]]

    def statements(self, after: int = 0) -> list[dict[str, Any]]:
        """The record of the statements that ended since the `after`-th, in the order of their starts.

        Each has id, database, node (dbt's, where its comment says one), state, reason, statement_type,
        substatement_type, table (written), renamed_to, sql, trino (what was executed), started_at
        (epoch seconds), seconds, rows (read or written) and scanned_bytes.
        """
        answer = self._ask(f"/local/statements?after={after}")
        return list(answer["statements"])

    def count_statements(self) -> int:
        """How many statements were started so far; what `statements(after=...)` takes."""
        return int(self._ask("/")["queries"])

    def _ask(self, path: str, post: bool = False) -> dict[str, Any]:
        request = urllib.request.Request(self.athena_url + path, method="POST" if post else "GET")
        with urllib.request.urlopen(request, timeout=30) as answer:
            content: dict[str, Any] = json.load(answer)
        return content


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie of ours is over: its parent has only not asked yet.
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return True

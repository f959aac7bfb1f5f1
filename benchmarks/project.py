"""A dbt project over a lake of the benchmarks' own, and dbt runs in processes of their own, measured."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "python"))

from lakehouse import Lakehouse  # noqa: E402


@dataclass(frozen=True)
class Run:
    """One process, measured.

    All times are seconds: `wall` by the clock, `cpu` of all cores. `peak_gb` is the largest
    resident memory in 10^9 bytes. `engine` is the sum over dbt's SQL statements, by node in `statements` ('' for those of no
    model); `nodes` is what dbt counts for a node, compiling included. `output` is what it printed.
    """

    wall: float
    cpu: float
    peak_gb: float
    engine: float
    nodes: dict[str, float]
    statements: dict[str, list[tuple[float, str]]]
    output: str = ""

    def engine_of(self, *names: str) -> float:
        """Seconds of SQL of the nodes whose name begins with one of `names`."""
        return sum(
            seconds
            for node, statements in self.statements.items()
            if node.startswith(names)
            for seconds, _ in statements
        )


class Project(Lakehouse):
    """`Lakehouse` with runs in processes of their own."""

    @property
    def has_common_profile(self) -> bool:
        """False: the processes of their own have the project's profile."""
        return False

    def limit_memory(self, limit: str) -> None:
        """Give DuckDB a `memory_limit`, such as '4GB', and a folder to spill to."""
        path = self.project / "profiles.yml"
        profile = yaml.safe_load(path.read_text())
        settings = profile["dms_lake"]["outputs"]["duckdb"]["settings"]
        settings |= {"memory_limit": limit, "temp_directory": str(self.home / "spill")}
        path.write_text(yaml.safe_dump(profile))

    def measured(self, *arguments: str, trace: Path | None = None) -> Run:
        """Run dbt in its own process, under strace where `trace` names the file for opened paths.

        Raises RuntimeError with dbt's output when it fails.
        """
        logs = self.home / "logs"
        shutil.rmtree(logs, ignore_errors=True)
        command = [
            str(Path(sys.executable).with_name("dbt")), "--log-format-file", "json",
            "--log-level-file", "debug", "--log-path", str(logs), "--no-use-colors",
            "--no-version-check", *arguments,
            "--project-dir", str(self.project), "--profiles-dir", str(self.project),
        ]  # fmt: skip
        if trace is not None:
            command = ["strace", "-f", "-qq", "-e", "trace=openat", "-o", str(trace), *command]
        wall, cpu, peak, output = timed(command)
        nodes, statements = statements_of(logs / "dbt.log")
        engine = sum(seconds for found in statements.values() for seconds, _ in found)
        return Run(wall, cpu, peak, engine, nodes, statements, output)


def timed(command: Sequence[str]) -> tuple[float, float, float, str]:
    """Run a command; seconds, CPU seconds, peak memory in 10^9 bytes, output. Raises RuntimeError when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{output}")
    wall, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
    return wall, cpu, usage.ru_maxrss * 1024 / 1e9, output


def statements_of(log: Path) -> tuple[dict[str, float], dict[str, list[tuple[float, str]]]]:
    """From dbt's log: the seconds of each node, and of each SQL statement by node."""
    nodes: dict[str, float] = {}
    statements: dict[str, list[tuple[float, str]]] = defaultdict(list)
    text: dict[str, str] = {}
    for line in log.read_text().splitlines():
        event = json.loads(line)
        name, data = event["info"]["name"], event["data"]
        node = (data.get("node_info") or {}).get("node_name", "")
        thread = event["info"]["thread"]
        if name == "SQLQuery":
            text[thread] = data["sql"]
        elif name == "SQLQueryStatus":
            statements[node].append((float(data["elapsed"]), text.pop(thread, "")))
        elif name == "NodeFinished":
            nodes[node] = float(data["run_result"]["execution_time"])
    return nodes, dict(statements)

"""What thousands of tables cost `lake run` when three of them have new files.

`python benchmarks/many_tables.py [tables ...]` writes, for each number of tables, an export of an information_schema, lets
`lake add-tables` make the project of it (three models a table), lays one small file into each table's folder, and builds all
once. Then it measures: a full parse; `lake run` from a cold start, and in a process that stays, each after three
tables got a file.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.project import Project, timed

LAKE = str(Path(sys.executable).with_name("lake"))
TYPES = (("id", "bigint", "PRI"), ("name", "varchar(40)", ""), ("amount", "decimal(12,2)", ""))
FRESH = 3
STAYS = """
import json, sys, time
from pathlib import Path
from lake.run.once import Options, Run
from lake.run.project import Project
project = Project.open(Path(sys.argv[1]), None)
for line in sys.stdin:
    began = time.perf_counter()
    if not project.is_current():
        project = Project.open(Path(sys.argv[1]), None)
    report = Run(project, Options())()
    seconds = report.seconds | {"all": time.perf_counter() - began, "built": report.built}
    print(json.dumps(seconds | {"errors": len(report.errors)}), flush=True)
"""


def export(path: Path, tables: int) -> None:
    """An information_schema of so many tables of three columns."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("table_schema", "table_name", "column_name", "ordinal_position", "column_type", "primary_key")
        )  # fmt: skip
        for number in range(tables):
            for place, (name, column_type, key) in enumerate(TYPES, 1):
                writer.writerow(("shop", f"t{number:04}", name, place, column_type, key))


def made(home: Path, tables: int) -> Project:
    """A project of so many tables, each with one file, not built yet."""
    project = Project(home, {})
    shutil.rmtree(project.project / "models" / "raw")
    export(home / "columns.csv", tables)
    options = [
        "--columns",
        str(home / "columns.csv"),
        "--system",
        "mysql",
        "--root",
        str(project.lake),
    ]
    options += ["--set", "envelope=s3_csv", "--project-dir", str(project.project)]
    timed([LAKE, "add-tables", "shop", *options])
    for number in range(tables):
        put(project, number, "LOAD00000001.csv", "1,a,1.50\n2,b,2.50\n")
    return project


def put(project: Project, table: int, name: str, content: str) -> None:
    """A file of a table."""
    project.put(f"t{table:04}/{name}", content)


def freshen(project: Project, day: int) -> None:
    """Give three tables a file of changes."""
    for number in range(FRESH):
        put(project, number * 7, f"202401{day:02}-000000000.csv", f"U,1,b,{day}.00\n")


def steps(output: str) -> dict[str, float]:
    """The seconds of a run's steps, from its JSON report."""
    report = json.loads(output[output.index("{") :])
    return report["seconds"] | {"built": report["built"]}


def measure(home: Path, tables: int) -> None:
    """Print one line for so many tables."""
    project = made(home, tables)
    folder = str(project.project)
    parse = [str(Path(LAKE).with_name("dbt")), "--no-write-json"]
    parse += ["--no-partial-parse", "parse", "--project-dir", folder, "--profiles-dir", folder]
    full, *_ = timed(parse)
    run = [LAKE, "run", "--json", "--project-dir", folder]
    first, *_ = timed(run)
    freshen(project, 2)
    cold, _, peak, output = timed(run)
    idle, *_ = timed(run)
    print(
        f"{tables:,} tables | full parse {full:.1f} s | first run {first:.0f} s | three fresh, cold {cold:.1f} s, {peak:.2f} GB"
        f" {steps(output)} | nothing new, cold {idle:.1f} s",
        flush=True,
    )
    stay(project)


def stay(project: Project) -> None:
    """The same in a process that stays; its first run sees the database as any other."""
    process = subprocess.Popen(
        [sys.executable, "-c", STAYS, str(project.project)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    for day in range(3, 6):
        freshen(project, day)
        began = time.perf_counter()
        process.stdin.write("run\n")
        process.stdin.flush()
        found = json.loads(process.stdout.readline())
        print(f"  stays: {time.perf_counter() - began:.1f} s {found}", flush=True)
    process.stdin.close()
    process.wait()


def main() -> None:
    """Measure every number of tables that was asked for."""
    for text in sys.argv[1:] or ["100", "2500"]:
        with tempfile.TemporaryDirectory(prefix="tables-") as home:
            measure(Path(home), int(text))


if __name__ == "__main__":
    main()

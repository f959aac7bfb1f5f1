"""The same changes as Parquet, CSV and JSON: how long a first build and a round take, and where the time of a round goes.

`python benchmarks/forms.py [rows [form ...]]` simulates one table in every form, from one seed: so many rows are loaded
(a million unless said), a tenth of them changes in each of two rounds. The first build reads the load and the first
round. Seconds are those of the SQL statements, one after the other; of the second round also DuckDB's count by operator.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import lakes, measures
from benchmarks.project import Project

from lake.simulate.shape import Shape

FORMS = {
    "Parquet": Shape(envelope="s3_parquet", header=True, load_files=2),
    "CSV": Shape(envelope="s3_csv", load_files=2),
    "CSV, gzip": Shape(envelope="s3_csv", load_files=2, gzip=True),
    "JSON lines": Shape(envelope="dms_json", load_files=2),
    "JSON lines, gzip": Shape(envelope="dms_json", load_files=2, gzip=True),
    "JSON back to back": Shape(envelope="dms_json", load_files=2, record_layout="joined"),
    "JSON as Parquet structs": Shape(envelope="dms_json", load_files=2, converted=True),
    "binlog JSON": Shape(envelope="binlog_json", load_files=2),
}


def operators(project: Project, paths: list[Path]) -> list[tuple[str, float]]:
    """Seconds by operator of reading all changes of some files, of all threads, longest first."""
    profile = project.home / "profile.json"
    with duckdb.connect(str(project.database), read_only=True, config={"threads": 2}) as connection:
        (view,) = connection.execute(
            "select sql from duckdb_views() where view_name = 'chg_shop__orders'"
        ).fetchall()[0]
        variable = re.search(r"getvariable\('(\w+)'\)", view)
        assert variable, view
        files = ", ".join(f"'{path}'" for path in paths)
        connection.execute(f"set variable {variable[1]} = [{files}]")
        connection.execute("pragma enable_profiling = 'json'")
        connection.execute(f"set profiling_output = '{profile}'")
        connection.execute(
            f"select max(columns(*)) from chg_shop__orders where _cdc_file_path in ({files})"
        )
    found: Counter[str] = Counter()
    add(json.loads(profile.read_text())["operator"], found)
    return found.most_common()


def add(operators: list[dict[str, Any]], found: Counter[str]) -> None:
    """Add up the time of operators and of those below them."""
    for operator in operators:
        found[operator["name"].lower()] += operator["timing"]
        add(operator.get("children", []), found)


def measure(home: Path, name: str, rows: int) -> None:
    """Print one line for a form."""
    changes = rows // 10
    shape = replace(FORMS[name], rows_per_file=changes * 2)
    spec = replace(lakes.orders(rows, changes), shape=shape)
    out = lakes.simulated(home / "made", spec, 2)
    project = measures.fresh(home / "lake", [spec])
    first_files = lakes.deliver(out, range(2), project.lake)
    first = project.measured(*measures.ONE_AFTER_THE_OTHER)
    files = lakes.deliver(out, [2], project.lake)
    by_operator = operators(project, files)
    later = project.measured(*measures.ONE_AFTER_THE_OTHER)
    living = project.sql("select count(*) as n from cur_shop__orders")[0]["n"]
    print(
        f"{name:<24} | {megabytes(first_files):6.1f} MB, round {megabytes(files):5.1f} MB"
        f" | first build {first.engine_of('lat_'):5.2f} s, rejected {first.engine_of('rej_'):5.2f} s"
        f", processor {first.cpu:5.1f} s"
        f" | round {later.engine_of('lat_'):5.2f} s, rejected {later.engine_of('rej_'):5.2f} s"
        f" | {', '.join(f'{operator} {seconds:.2f}' for operator, seconds in by_operator[:4])}"
        f" | {living:,} living",
        flush=True,
    )


def megabytes(paths: list[Path]) -> float:
    """The size of files in 10^6 bytes."""
    return sum(path.stat().st_size for path in paths) / 1e6


def main() -> None:
    """Measure every form."""
    rows = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    for name in sys.argv[2:] or FORMS:
        with tempfile.TemporaryDirectory(prefix="forms-") as home:
            measure(Path(home), name, rows)


if __name__ == "__main__":
    main()

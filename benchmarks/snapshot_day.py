"""A day's snapshot of a large table in which little changed, against rewriting the table.

`python benchmarks/snapshot_day.py [rows]`: a Parquet snapshot of so many rows (a million unless said), then four days in each of
which one row in 2,000 is updated, one in 4,000 deleted and as many come. By hand the table is made anew of the day's file.
Seconds are those of the SQL statements of one model; megabytes by which the database grew say how much was written.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.history import COLUMNS
from benchmarks.measures import ONE_AFTER_THE_OTHER
from benchmarks.project import Project

from lakehouse import Table

DAYS = 4
ORDERS = Table(
    COLUMNS,
    {
        "envelope": "snapshot",
        "file_format": "parquet",
        "key": ["id"],
        "folder": "{snapshot}/orders",
        "history": True,
    },
)


def rows_sql(rows: int, day: int) -> str:
    """The table on a day: what was updated, deleted and inserted since the first follows from the key."""
    changed = f"case when id % 2000 < {day} then id % 2000 + 1 else 0 end"
    return f"""
        select
            id,
            cast(hash(id + 7 * {changed}) % 1000000 as decimal(12, 2)) as amount,
            'status ' || id % 7 as status,
            cast(id % 100 as integer) as quantity,
            id % 2 = 0 as paid,
            date '2024-01-01' + cast(id % 300 as integer) as due,
            'note ' || hash(id) as note
        from (select range as id from range({rows + day * rows // 4000}))
        where id % 4000 >= {day} + 100 or id % 4000 < 100
    """


def write(project: Project, rows: int, day: int) -> Path:
    """The file of a day."""
    target = project.lake / f"2024-01-{day + 1:02}" / "orders" / "part-0.parquet"
    target.parent.mkdir(parents=True)
    duckdb.sql(f"copy ({rows_sql(rows, day)}) to '{target}' (format parquet)")
    # A snapshot that has only just been written may not be whole yet, and would wait.
    moment = dt.datetime(2024, 1, day + 1, tzinfo=dt.UTC).timestamp()
    os.utime(target, (moment, moment))
    return target


def by_hand(database: Path, file: Path) -> tuple[float, float]:
    """Seconds of making the table anew, with where each row came from, and megabytes that the file grew."""
    before = size(database)
    with duckdb.connect(str(database), config={"threads": 2}) as connection:
        began = time.perf_counter()
        connection.execute(f"""
            create or replace table latest as
            select *, filename as file_path, file_row_number + 1 as row_number, now()::timestamp as processed_at
            from read_parquet('{file}', filename = true, file_row_number = true)
        """)
        seconds = time.perf_counter() - began
    return seconds, size(database) - before


def size(path: Path) -> float:
    """The size of a file in 10^6 bytes; nothing where there is none."""
    return path.stat().st_size / 1e6 if path.exists() else 0.0


def measure(home: Path, rows: int) -> None:
    """Print a line for the first day, and one for the median of the others."""
    project = Project(home, {"orders": ORDERS}, models=("chg", "lat", "hst"))
    hand = home / "hand.duckdb"
    days: list[dict[str, float]] = []
    for day in range(DAYS + 1):
        file = write(project, rows, day)
        run = project.measured(*ONE_AFTER_THE_OTHER)
        seconds, grown = by_hand(hand, file)
        days.append(
            {
                "latest": run.engine_of("lat_"),
                "history": run.engine_of("hst_"),
                "by hand": seconds,
                "grown by hand": grown,
                "project's database": size(project.database),
                "rows written": project.sql(
                    "select rows_written as n from dms_lake_runs where model like '%.lat_%'"
                    " order by started_at desc nulls last limit 1"
                )[0]["n"],
            }
        )
    print(f"{rows:,} rows, first day: {shown(days[0])}")
    print(f"each day after: {shown({name: median(d[name] for d in days[1:]) for name in days[0]})}")
    grown = (days[-1]["project's database"] - days[0]["project's database"]) / DAYS
    print(f"the project's database grew by {grown:.1f} MB a day")


def shown(figures: dict[str, float]) -> str:
    """Figures in one line."""
    return ", ".join(f"{name} {value:,.2f}" for name, value in figures.items())


def main() -> None:
    """Measure one size."""
    with tempfile.TemporaryDirectory(prefix="days-") as home:
        measure(Path(home), int(sys.argv[1]) if sys.argv[1:] else 1_000_000)


if __name__ == "__main__":
    main()

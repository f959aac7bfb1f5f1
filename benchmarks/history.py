"""A round of changes on history against the same round on latest, as history grows.

`python benchmarks/history.py [versions[:keys] ...]` makes, for each number of versions, a Parquet table whose keys are
80 % of them, or as many as named, and change files for the rest; builds latest and history from these; then times
rounds of 100,000 updates of random keys on both. The time is dbt's own for the one model: its compilation, the read of
the round's file, the write, the ledger; not dbt's start.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "python"))

from lakehouse import Lakehouse, Table  # noqa: E402

CHANGES = 100_000
ROUNDS = 3
COLUMNS = {
    "id": "bigint",
    "amount": "decimal(12,2)",
    "status": "varchar",
    "quantity": "integer",
    "paid": "boolean",
    "due": "date",
    "note": "varchar",
}
FIELDS = {
    "key": ["id"],
    "history": True,
    "envelope": "s3_parquet",
    "timestamp_column": "ts",
    "change_seq_column": "seq",
}


def rows_sql(keys: str, offset: int, operation: str) -> str:
    """Rows whose values follow from their number `n` beyond an offset; `keys` yields `id` and `n`."""
    return f"""
        select
            {operation} as "Op",
            strftime(timestamp '2024-01-01' + to_milliseconds({offset} + n), '%Y-%m-%d %H:%M:%S.%f') as ts,
            id, cast(hash(id + {offset}) % 1000000 as decimal(12, 2)) as amount, 'status ' || n % 7 as status,
            cast(n % 100 as integer) as quantity, n % 2 = 0 as paid, date '2024-01-01' + cast(n % 300 as integer) as due,
            'note ' || hash(id + {offset}) as note,
            {"'2' || lpad(cast(" + str(offset) + " + n as varchar), 34, '0')" if operation != "null" else "null"} as seq
        from ({keys})
    """


def write(lake: Lakehouse, name: str, sql: str) -> None:
    """One Parquet file of the table."""
    target = lake.lake / "orders" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"copy ({sql}) to '{target}' (format parquet)")


def write_changes(lake: Lakehouse, number: int, keys: int) -> None:
    """The change file of one round: updates of random keys."""
    chosen = f"select cast(hash(range * 7919 + {number}) % {keys} as bigint) as id, range as n from range({CHANGES})"
    offset = (number + 1) * 10_000_000
    write(
        lake,
        f"2024{number // 28 + 2:02}{number % 28 + 1:02}-000000000.parquet",
        rows_sql(chosen, offset, "'U'"),
    )


def seconds(lake: Lakehouse, model: str) -> float:
    """Run one model and say how long dbt took for it."""
    outcome = lake.dbt("--write-json", "run", "--threads", "1", "--select", model)
    assert outcome.success, outcome.text
    results = json.loads((lake.project / "target" / "run_results.json").read_text())["results"]
    return next(r["execution_time"] for r in results if r["unique_id"].endswith(f".{model}"))


def measure(home: Path, versions: int, keys: int) -> None:
    """Print one line for a history of so many versions of so many keys."""
    before = (versions - keys) // CHANGES
    lake = Lakehouse(home, {"orders": Table(COLUMNS, FIELDS)}, models=("chg", "lat", "hst"))
    write(
        lake,
        "LOAD00000001.parquet",
        rows_sql(f"select range as id, range as n from range({keys})", 0, "null"),
    )
    for number in range(before):
        write_changes(lake, number, keys)
    seconds(lake, "chg_shop__orders")
    first = {model: seconds(lake, f"{model}_shop__orders") for model in ("lat", "hst")}
    rounds: dict[str, list[float]] = {"lat": [], "hst": []}
    for number in range(before, before + ROUNDS):
        write_changes(lake, number, keys)
        seconds(lake, "chg_shop__orders")
        for model, times in rounds.items():
            times.append(seconds(lake, f"{model}_shop__orders"))
    stored = lake.sql("select count(*) as n from hst_shop__orders")[0]["n"]
    latest, history = (statistics.median(rounds[model]) for model in ("lat", "hst"))
    print(
        f"{stored:>12,} versions of {keys:,} keys | first build: latest {first['lat']:.1f} s, history {first['hst']:.1f} s"
        f" | round of {CHANGES:,}: latest {latest:.2f} s, history {history:.2f} s, {history / latest:.2f} times"
        f" | {rounds}",
        flush=True,
    )


def main() -> None:
    """Measure every size that was asked for."""
    for text in sys.argv[1:] or ["2500000", "10000000", "3000000:500000"]:
        with tempfile.TemporaryDirectory(prefix="history-") as home:
            versions, _, keys = text.partition(":")
            measure(Path(home), int(versions), int(keys or int(versions) * 8 // 10))


if __name__ == "__main__":
    main()

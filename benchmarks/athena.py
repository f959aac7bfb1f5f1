"""What a merge costs on Athena: our model, the merge by hand, and dbt-athena's own incremental, by statement.

.venv/bin/python benchmarks/athena.py --rows 10000000                  # on the local Athena, which it starts
.venv/bin/python benchmarks/athena.py --rows 10000000 --folder kept    # what was measured stays; run it again to go on
.venv/bin/python benchmarks/athena.py --folder kept --down             # and stop it

Figures are Trino's on this machine: seconds by the API's clock, bytes read from storage as Trino counts them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests" / "python"), str(REPOSITORY / "scripts")]

from athena_fixture import AthenaPlace  # noqa: E402
from athena_lakehouse import AthenaLakehouse  # noqa: E402
from lake.athena_local.clients import BUCKET  # noqa: E402
from lake.athena_local.stack import AthenaLocal  # noqa: E402
from lakehouse import Table  # noqa: E402

COLUMNS = {
    "order_id": "bigint",
    "customer_id": "bigint",
    "status": "varchar",
    "amount": "decimal(12,2)",
    "updated_at": "timestamp",
    "note": "varchar",
}
SOURCE = {"envelope": "s3_parquet", "change_seq_column": "seq", "timestamp_column": "ts"}
ROW = """
    {key} as order_id,
    ({key} * 7919) % 1000000 as customer_id,
    ['new', 'paid', 'sent', 'done'][1 + ({key} + {round}) % 4] as status,
    cast(({key} % 100000) / 100.0 + {round} as decimal(12, 2)) as amount,
    timestamp '2024-01-01' + to_seconds({key} % 8640000 + {round}) as updated_at,
    'note ' || {round} || ' of order ' || {key} as note
"""
SHARES = (0.001, 0.01, 0.1)
NAMES = ", ".join(COLUMNS)
# What latest stores beside, of a change in `orders`: where a row came from. A load row has no change of its own.
STORED = {
    "operation": "case \"Op\" when 'D' then 'delete' when 'U' then 'update' when 'I' then 'insert' else 'load' end",
    "committed_at": "try_cast(ts as timestamp(6))",
    "emitted_at": "try_cast(ts as timestamp(6))",
    "transaction_id": "cast(null as varchar)",
    "record_number": "cast(null as bigint)",
    "schema_name": "'shop'",
    "table_name": "'orders'",
    "envelope": "'s3_parquet'",
    "generation": "cast(1 as bigint)",
    "file_path": '"$path"',
    "file_row_number": "cast(null as bigint)",
    "issues": "cast(null as varchar)",
    "undecided": "cast(null as varchar)",
    "processed_at": "cast(current_timestamp as timestamp(6))",
}
# dbt-athena's own way: a temporary table of the reduced changes, then a merge, guarded in its update condition.
OWN_WAY = """{{{{ config(
    materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='order_id',
    update_condition='src._cdc_change_seq > target._cdc_change_seq', partitioned_by=['truncate(order_id, {width})']
) }}}}
select {names}, coalesce(_cdc_change_seq, '') as _cdc_change_seq from {{{{ ref('chg_shop__orders') }}}}
{{% if is_incremental() %}} where _cdc_file_path like '%{{{{ var('stamp', '') }}}}.parquet' {{% endif %}}
"""


def write(file: Path, count: int, keys: str, number: int) -> Path:
    """A load file (round 0), or a change file of the keys that an expression over `n` makes."""
    row = ROW.format(key="key", round=number)
    dms = (
        ""
        if number == 0
        else f"'U' as \"Op\", lpad(cast({number} * 100000000 + key as varchar), 35, '0') as seq,"
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(
        f"copy (select {dms} '2024-01-02 00:00:00' as ts, {row}"
        f" from (select distinct {keys} as key from range({count}) as r (n)) order by key)"
        f" to '{file}' (format parquet)"
    )
    return file


class Bench:
    """A lake of some rows on the local Athena, and the same table twice more, in the other two ways."""

    def __init__(self, home: Path, local: AthenaLocal, rows: int, with_own_way: bool) -> None:
        self.rows, self.width = rows, max(rows // 20, 1)
        self.models = ["lat_shop__orders", *["own_way"] * with_own_way]
        database = "bench"
        prefix = f"s3://{BUCKET}/{database}/"
        environment = local.environment() | {
            "DMS_LAKE_SCHEMA": database,
            "DMS_LAKE_S3_DATA_DIR": f"{prefix}tables/",
            "DMS_LAKE_S3_STAGING_DIR": f"{prefix}staging/",
        }
        os.environ.update(environment)
        glue = local.client("glue")
        with contextlib.suppress(glue.exceptions.AlreadyExistsException):
            glue.create_database(DatabaseInput={"Name": database})
        self.place = AthenaPlace(local, database, prefix, environment, local.count_statements())
        table = Table(
            COLUMNS, {"key": ["order_id"], "partition_by": [f"truncate(order_id, {self.width})"]}
        )
        self.lake = AthenaLakehouse(home, self.place, {"orders": table}, SOURCE)
        self.lake.count_as_put()
        (self.lake.project / "models" / "own_way.sql").write_text(
            OWN_WAY.format(width=self.width, names=NAMES)
        )
        self.seen = 0

    def statements(self) -> list[dict[str, Any]]:
        """What was sent since this was asked last."""
        all_of_them = self.place.statements()
        new, self.seen = all_of_them[self.seen :], len(all_of_them)
        return new

    def run(self, *arguments: str) -> dict[str, dict[str, float]]:
        """A dbt run; per node the statements, seconds and bytes."""
        self.statements()
        # One after the other: what runs beside it would be part of a model's time.
        outcome = self.lake.dbt("run", "--threads", "1", *arguments)
        assert outcome.success, outcome.text[-3000:]
        return by_node(self.statements())

    def by_hand(self, query: str) -> dict[str, float]:
        """One statement by hand."""
        self.statements()
        self.place.sql(query)
        return cost(self.statements())

    def load(self) -> dict[str, Any]:
        """The first load, in all three ways."""
        for part in range(4):
            write(
                self.lake.lake / f"orders/LOAD0000000{part + 1}.parquet",
                self.rows // 4,
                f"n * 4 + {part}",
                0,
            )
        self.lake.land()
        ours = self.run("--select", "chg_shop__orders", *self.models)
        return {
            **ours,
            "by hand": self.by_hand(self.create("by_hand", {})),
            "by hand, all stored columns": self.by_hand(self.create("by_hand_wide", STORED)),
        }

    def create(self, table: str, stored: dict[str, str]) -> str:
        """A table by hand, with columns beside, from all that was landed."""
        return (
            f"create table {table} with (table_type = 'iceberg', is_external = false, format = 'parquet',"
            f" location = '{self.place.prefix}{table}', partitioning = array['truncate(order_id, {self.width})']) as"
            f" select {NAMES}, '' as seq, false as is_deleted{selected(stored)} from orders"
        )

    def merge(self, table: str, path: str, stored: dict[str, str]) -> str:
        """The changes of one file into a table by hand, guarded by the sequence."""
        columns = [*COLUMNS, "seq", "is_deleted", *stored]
        return (
            f"merge into {table} as t using (select {NAMES}, seq, \"Op\" = 'D' as is_deleted{selected(stored)}"
            f" from orders where \"$path\" = '{path}') as s"
            " on t.order_id = s.order_id when matched and s.seq > t.seq then update set "
            + ", ".join(f"{c} = s.{c}" for c in columns)
            + f" when not matched then insert ({', '.join(columns)}) values ({', '.join('s.' + c for c in columns)})"
        )

    def round(self, number: int, share: float, is_clustered: bool) -> dict[str, Any]:
        """A round that changes a share of the rows."""
        count = int(self.rows * share)
        keys = (
            f"{self.rows // 2} + n"
            if is_clustered
            else f"(n * 7919 * {max(int(1 / share), 1)} + n) % {self.rows}"
        )
        stamp = f"202401{10 + number:02}-000000000"
        path = write(self.lake.lake / f"orders/{stamp}.parquet", count, keys, number)
        self.lake.land()
        ours = self.run("--select", *self.models, "--vars", f"stamp: '{stamp}'")
        landed = f"{self.lake.raw_root}/{path.relative_to(self.lake.lake)}"
        narrow = self.merge("by_hand", landed, {})
        return {
            **ours,
            "by hand": self.by_hand(narrow),
            "by hand again": self.by_hand(narrow),
            "by hand, all stored columns": self.by_hand(self.merge("by_hand_wide", landed, STORED)),
        }


def selected(stored: dict[str, str]) -> str:
    """Columns beside, as they follow in a select."""
    return "".join(f", {sql} as {name}" for name, sql in stored.items())


def by_node(statements: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Cost per dbt node, and of its merge or create alone."""
    nodes: dict[str, list[dict[str, Any]]] = {}
    for statement in statements:
        if statement["node"]:
            nodes.setdefault(statement["node"].split(".")[2], []).append(statement)
    found = {}
    for node, sent in nodes.items():
        writes = [s for s in sent if s["substatement_type"] in ("MERGE", "CREATE_TABLE_AS_SELECT")]
        found[node] = {**cost(sent), **{f"write_{k}": v for k, v in cost(writes).items()}}
    return found


def cost(statements: list[dict[str, Any]]) -> dict[str, float]:
    """Statements, seconds and megabytes read."""
    return {
        "statements": len(statements),
        "seconds": round(sum(s["seconds"] for s in statements), 2),
        "mb": round(sum(s["scanned_bytes"] for s in statements) / 1e6, 2),
    }


def measure(bench: Bench, kept: Path | None) -> None:
    """Measure what `kept` has no figures of yet, printing and keeping each as it is found."""
    figures = json.loads(kept.read_text()) if kept and kept.exists() else {}
    cases = [(share, clustered) for share in SHARES for clustered in (True, False)]
    steps = [("load", bench.load)]
    for number, (share, clustered) in enumerate(cases, start=1):
        steps.append((name_of(share, clustered), partial(bench.round, number, share, clustered)))
    for name, step in steps:
        if name not in figures:
            figures[name] = step()
            print(json.dumps({name: figures[name]}), flush=True)
            if kept:
                kept.write_text(json.dumps(figures, indent=2))


def name_of(share: float, is_clustered: bool) -> str:
    """How a round is called."""
    return f"{share:.1%} {'clustered' if is_clustered else 'random'}"


def main() -> None:
    """Measure, printing each figure as it is found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--no-own-way", action="store_true", help="leave dbt-athena's own out")
    parser.add_argument("--folder", type=Path, help="where lake, Athena and figures are kept")
    parser.add_argument("--down", action="store_true", help="stop the Athena that is kept")
    arguments = parser.parse_args()
    if folder := arguments.folder and arguments.folder.resolve():
        folder.mkdir(parents=True, exist_ok=True)
        local = AthenaLocal.up(folder / "athena")
        if arguments.down:
            local.down()
            return
        bench = Bench(folder / "lake", local, arguments.rows, not arguments.no_own_way)
        measure(bench, folder / f"athena-{arguments.rows}.json")
        return
    with tempfile.TemporaryDirectory(prefix="dms_lake_bench_") as home:
        local = AthenaLocal.up(Path(home) / "athena", owner=os.getpid())
        try:
            lake = Path(home) / "lake"
            measure(Bench(lake, local, arguments.rows, not arguments.no_own_way), None)
        finally:
            local.down()


if __name__ == "__main__":
    main()

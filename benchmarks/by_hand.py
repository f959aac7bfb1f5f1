"""The best SQL that we can write by hand for one table of Parquet files on DuckDB: what the project is measured against.

It knows the table (columns, key, that a load holds a key once), keeps tombstones and the guard, and gives the same living rows.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import duckdb

COLUMNS = {
    "id": "bigint",
    "amount": "decimal(12,2)",
    "status": "varchar",
    "quantity": "integer",
    "total": "bigint",
    "rate": "double",
    "paid": "boolean",
    "due on": "date",
    "updated_at": "timestamp",
    "note": "varchar",
}
CHANGE_COLUMNS = {
    "Op": "varchar",
    "dms_ts": "varchar",
    "ar_h_change_seq": "varchar",
    "BI_id": "bigint",
}


def scan(files: list[str]) -> str:
    """A scan of Parquet files whose columns may differ."""
    columns = {**COLUMNS, **CHANGE_COLUMNS}
    schema = ", ".join(
        f"'{n}': {{name: '{n}', type: '{t}', default_value: null}}" for n, t in columns.items()
    )
    paths = ", ".join(f"'{file}'" for file in files)
    return f"read_parquet([{paths}], schema = map {{{schema}}}, filename = true, file_row_number = true)"


def reduced(files: list[str], provenance: str = "") -> str:
    """One row per key that the change files touch, the last one; `provenance` are more columns of it."""
    names = ", ".join(f'"{name}"' for name in COLUMNS if name != "id")
    kept = ", ".join(
        f'case when op != \'D\' then "{name}" end as "{name}"' for name in COLUMNS if name != "id"
    )
    return f"""
        select id, {kept}, op = 'D' as is_deleted, ar_h_change_seq, committed_at{provenance} from (
            select *, row_number() over (
                partition by id order by ar_h_change_seq desc, filename desc, file_row_number desc
            ) as n
            from (
                select id, {names}, "Op" as op, ar_h_change_seq, dms_ts::timestamp as committed_at, filename, file_row_number
                from {scan(files)}
                union all
                select "BI_id", {names}, 'D', ar_h_change_seq, dms_ts::timestamp, filename, file_row_number
                from {scan(files)}
                where "BI_id" != id
            )
        ) where n = 1
    """


# What latest stores beside: where a row came from.
PROVENANCE = (
    "null::timestamp, dms_ts::timestamp, null::varchar, null::varchar, null::bigint, 'shop', 'orders',"
    " 's3_parquet', 1, filename, file_row_number + 1, null::varchar, now()::timestamp"
)
NAMES = (
    "committed, emitted, seq, transaction_id, record_number, schema_name, table_name,"
    " envelope, generation, file_path, row_number, issues, processed_at"
)


def build_wide(connection: duckdb.DuckDBPyConnection, loads: list[str], changes: list[str]) -> None:
    """The first build with the change columns that the project stores, on the load rows alone."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    aliases = "".join(
        f", {sql} as {name}"
        for sql, name in zip(PROVENANCE.split(", "), NAMES.split(", "), strict=True)
    )
    connection.execute(f"create temp table changed as {reduced(changes)}")
    connection.execute(f"""
        create table latest as
        select {names}, 'load' as operation{aliases}, false as is_deleted
        from {scan(loads)} as loads
        where not exists (select 1 from changed where changed.id = loads.id)
        union all by name
        select {names}, is_deleted, ar_h_change_seq as seq, committed_at as committed from changed
    """)
    connection.execute("drop table changed")


def build(connection: duckdb.DuckDBPyConnection, loads: list[str], changes: list[str]) -> None:
    """The first build: load rows that no change touches, and the last change of every other key."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute(f"create temp table changed as {reduced(changes)}")
    connection.execute(f"""
        create table latest as
        select {names}, is_deleted, ar_h_change_seq, committed_at from changed
        union all
        select {names}, false, null, null from {scan(loads)} as loads
        where not exists (select 1 from changed where changed.id = loads.id)
    """)
    connection.execute("drop table changed")


MERGE = """
    merge into latest using later on latest.id = later.id
    when matched then update
    when not matched then insert by name
"""


def widened(relation: str) -> str:
    """Reduced changes with the change columns that the project stores."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    return f"""
        select {names}, case when is_deleted then 'delete' else 'update' end as operation,
            committed_at as committed, committed_at as emitted, ar_h_change_seq as seq,
            null::varchar as transaction_id, null::bigint as record_number, 'shop' as schema_name, 'orders' as table_name,
            's3_parquet' as envelope, 1 as generation, filename as file_path, file_row_number + 1 as row_number,
            null::varchar as issues, now()::timestamp as processed_at, is_deleted
        from ({relation})
    """


def update_wide(connection: duckdb.DuckDBPyConnection, changes: list[str]) -> None:
    """A round on the table that has the change columns too."""
    connection.execute("begin")
    connection.execute(
        f"create temp table changed as {widened(reduced(changes, ', filename, file_row_number'))}"
    )
    connection.execute("""
        create temp table later as
        select changed.* from changed
        left join latest as held using (id)
        where held.id is null or coalesce(held.seq, '') < changed.seq
    """)
    connection.execute("delete from latest using later where latest.id = later.id")
    connection.execute("insert into latest by name select * from later")
    connection.execute("drop table changed")
    connection.execute("drop table later")
    connection.execute("commit")


def update(
    connection: duckdb.DuckDBPyConnection, changes: list[str], is_merge: bool = False
) -> None:
    """A round: reduce, keep what is later than the held rows, then delete and insert, or merge."""
    connection.execute("begin")
    connection.execute(f"create temp table changed as {reduced(changes)}")
    connection.execute("""
        create temp table later as
        select changed.* from changed
        left join (
            select id, ar_h_change_seq from latest where id in (select id from changed)
        ) as held using (id)
        where held.id is null or coalesce(held.ar_h_change_seq, '') < changed.ar_h_change_seq
    """)
    if is_merge:
        connection.execute(MERGE)
    else:
        connection.execute("delete from latest using later where latest.id = later.id")
        connection.execute("insert into latest by name select * from later")
    connection.execute("drop table changed")
    connection.execute("drop table later")
    connection.execute("commit")


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A database file with the two threads that the project's profile has."""
    return duckdb.connect(str(path), config={"threads": 2})


def main() -> None:
    """`by_hand.py build|build_wide|update|update_wide|merge DATABASE`, file names on the standard input; prints what it took."""
    action, database = sys.argv[1:]
    files = sys.stdin.read().split("\n")
    connection = connect(Path(database))
    began, used = time.perf_counter(), sum(os.times()[:2])
    if action in ("build", "build_wide"):
        loads = [file for file in files if Path(file).name.startswith("LOAD")]
        first = build if action == "build" else build_wide
        first(connection, loads, [file for file in files if file not in loads])
    elif action == "update_wide":
        update_wide(connection, files)
    else:
        update(connection, files, action == "merge")
    # Closing writes what the log of a small commit still holds into the table.
    connection.close()
    facts = {"seconds": time.perf_counter() - began, "cpu": sum(os.times()[:2]) - used}
    print(json.dumps(facts))


if __name__ == "__main__":
    main()

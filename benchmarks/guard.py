"""The guard of a round in two ways: the stored parts of the order compared one after the other, or one sortable text column."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import duckdb
from benchmarks import lakes
from benchmarks.measures import Figures, fresh

STAMP = (
    "regexp_extract({a}._cdc_file_path, '([0-9]{{8}}-[0-9]{{9,10}}|LOAD[0-9A-F]{{8}})[^/]*$', 1)"
)
RANK = "case {a}._cdc_operation when 'load' then 0 when 'insert' then 1 when 'update' then 2 else 3 end"
# The parts of macros/ordering/order_parts.sql.
PARTS = (
    "coalesce({a}._cdc_generation, 0)",
    "case when {a}._cdc_operation = 'load' then 0 else 1 end",
    "coalesce({a}._cdc_change_seq, '')",
    "coalesce({a}._cdc_committed_at, timestamp '0001-01-01 00:00:00')",
    "coalesce({a}._cdc_transaction_record_number, -1)",
    f"coalesce({STAMP}, '')",
    "coalesce({a}._cdc_file_row_number, -1)",
    RANK,
    "coalesce({a}._cdc_file_path, '')",
)
# The same parts as one text, each padded to one length.
SORTABLE = f"""
    lpad(cast({{a}}._cdc_generation as varchar), 6, '0')
    || case when {{a}}._cdc_operation = 'load' then '0' else '1' end
    || rpad(coalesce({{a}}._cdc_change_seq, ''), 35, ' ')
    || coalesce(strftime({{a}}._cdc_committed_at, '%Y%m%d%H%M%S%f'), '00010101000000000000')
    || lpad(cast(coalesce({{a}}._cdc_transaction_record_number, -1) + 1 as varchar), 12, '0')
    || rpad({STAMP}, 19, ' ')
    || lpad(cast(coalesce({{a}}._cdc_file_row_number, -1) + 1 as varchar), 12, '0')
    || {RANK}
    || coalesce({{a}}._cdc_file_path, '')
"""
COLUMNS = (
    "_cdc_operation", "_cdc_committed_at", "_cdc_change_seq", "_cdc_transaction_record_number",
    "_cdc_generation", "_cdc_file_path", "_cdc_file_row_number",
)  # fmt: skip


def parts_of(alias: str) -> str:
    """The order of a relation's rows as a row value."""
    return f"row({', '.join(part.format(a=alias) for part in PARTS)})"


def guards(folder: Path, rows: int, changes: int, repeats: int) -> Figures:
    """Time, CPU time and size of both guards over one table of latest, and whether they agree."""
    out = lakes.simulated(folder / f"orders_{rows}", lakes.orders(rows, changes), 15)
    project = fresh(folder / "guard", [lakes.orders(rows, changes)])
    lakes.deliver(out, range(11), project.lake)
    project.build()
    text = folder / "guard.duckdb"
    text.unlink(missing_ok=True)
    with duckdb.connect(str(text), config={"threads": 2}) as connection:
        connection.execute(f"attach '{project.database}' as project (read_only)")
        for name, column in (("parts", ""), ("text", f", {SORTABLE.format(a='t')} as _cdc_order")):
            connection.execute(
                f"create table {name} as select *{column} from project.lat_shop__orders as t"
            )
        # A batch as a round has it: some rows later than the held ones, some replayed.
        connection.execute(f"""
            create temp table batch as
            select * exclude (t), {SORTABLE.format(a="t")} as _cdc_order
            from (
                select t.*, t from (
                    select * replace (case when hash(id) % 2 = 0 then 'update' else _cdc_operation end as _cdc_operation,
                        case when hash(id) % 2 = 0 then repeat('9', 35) else _cdc_change_seq end as _cdc_change_seq)
                    from parts where hash(id, 1) % {max(1, rows // changes)} = 0
                ) as t
            ) as t
        """)
        held = ", ".join(COLUMNS)
        queries = {
            "parts": f"select id, {held} from parts",
            "text": "select id, _cdc_order from text",
        }
        later = {
            "parts": f"held._cdc_operation is null or {parts_of('batch')} > {parts_of('held')}",
            "text": "held._cdc_order is null or batch._cdc_order > held._cdc_order",
        }
        figures: Figures = {}
        taken: dict[str, list[float]] = {"parts": [], "text": []}
        for _ in range(repeats):
            for name, seconds in taken.items():
                began = time.perf_counter()
                found = connection.execute(f"""
                    create or replace temp table later as
                    select batch.* from batch
                    left join (
                        {queries[name]} as stored
                        where exists (select 1 from batch where batch.id = stored.id)
                    ) as held on held.id = batch.id
                    where {later[name]}
                """).fetchall()[0][0]
                seconds.append(time.perf_counter() - began)
                figures[f"{name}: rows that are later"] = found
        for name, seconds in taken.items():
            figures[f"{name}: seconds a round"] = median(seconds)
        connection.execute("checkpoint")
        for name in taken:
            blocks = f"select count(distinct block_id) from pragma_storage_info('{name}')"
            size = connection.execute(blocks).fetchall()[0][0] * 262_144 / 1e6
            figures[f"{name}: size of the table MB"] = size
        return figures

"""Rows as DMS writes them: SQL that turns key numbers and versions into the fields of a file.

Input relations have `k`, `v`; change rows also `operation`, `commit`, `old_key`, `null_key`,
`event`. A field is (name in the file, SQL expression).
"""

from __future__ import annotations

from datetime import datetime

from lake.simulate.disorder import LOAD_ENDS
from lake.simulate.shape import Shape
from lake.simulate.spec import TableSpec
from lake.simulate.values import Column, identity_sql, value_sql
from lake.simulate.workload import DELETE, microseconds
from lake.sql import literal, quoted

Field = tuple[str, str]

_OPERATION = "(['I', 'U', 'D'])[operation + 1]"


def living_sql(spec: TableSpec, seed: int, relation: str) -> str:
    """A query of typed true rows over a relation of `k` and `v`."""
    fields = [f"{sql} as {quoted(name)}" for name, sql in _source_fields(spec, seed).items()]
    return f"select {', '.join(fields)} from {relation}"


def load_sql(spec: TableSpec, seed: int, relation: str, ends: datetime = LOAD_ENDS) -> str:
    """A query of load rows, copied about when the load ends: after every change that raced it."""
    shape = spec.shape
    copied = f"make_timestamp({microseconds(ends)} + k % 1000000)"
    fields = [("Op", "'I'")] if shape.op_in_load else []
    columns = [(c.name, _written(shape, c, sql)) for c, sql in _columns(spec, seed)]
    if shape.envelope == "binlog_json":
        return _select(columns, relation)
    before = [(name, f"cast(null as {data_type})") for name, data_type, _ in _before_images(spec)]
    sequence = "''" if shape.seq_empty_in_load and shape.null_token else "cast(null as varchar)"
    return _select(
        _laid_out(shape, fields, _moment_text(copied), columns, before, sequence), relation
    )


def change_sql(
    spec: TableSpec, seed: int, relation: str, sequence_step: int, sequence_offset: int
) -> str:
    """A query of change rows, led by `_file`, `_run`, `_event`: where each belongs.

    The counter of the change sequence is event * step + offset: tables of a task share none.
    """
    shape = spec.shape
    columns = []
    for column, sql in _columns(spec, seed):
        if column.name in spec.key:
            nullable = column.name == spec.key[-1]
            value = f"case when null_key = 0 then {sql} end" if nullable else sql
        else:
            value = (
                f"case when operation != {DELETE} then {sql} end" if shape.key_only_deletes else sql
            )
        written = _written(shape, column, value)
        if shape.unsupplied_token is not None and column.name not in spec.key:
            is_left_out = f"operation = 1 and hash(event, {literal(column.name)}) % 3 = 0"
            token = literal(shape.unsupplied_token)
            written = f"case when {is_left_out} then {token} else {written} end"
        columns.append((column.name, written))
    before = [
        (name, _written(shape, Column(name, data_type), f"case when operation = 1 then {sql} end"))
        for name, data_type, sql in _before_images(spec)
    ]
    counter = f"event * {sequence_step} + {sequence_offset}"
    sequence = (
        "strftime(make_timestamp(commit), '%Y%m%d%H%M%S')"
        " || lpad(cast(commit // 10000 % 100 as varchar), 2, '0')"
        f" || lpad(cast({counter} as varchar), 19, '0')"
    )
    fields = _laid_out(
        shape,
        [("Op", _OPERATION)],
        _moment_text("make_timestamp(commit)"),
        columns,
        before,
        sequence,
    )
    place = [("_file", "file"), ("_run", "run"), ("_event", "event")]
    return _select(place + fields, relation)


def copy_options(shape: Shape) -> str:
    """The options of DuckDB's COPY for a file of this shape."""
    if shape.envelope == "binlog_json":
        return "format csv, header false, nullstr 'NULL'"
    if not shape.is_csv:
        return f"format parquet, compression {'gzip' if shape.gzip else 'snappy'}"
    return (
        f"format csv, header {str(shape.header).lower()}, delimiter {literal(shape.delimiter)}, "
        f"nullstr {literal(shape.null_token)}, quote '\"', escape '\"', "
        f"compression {'gzip' if shape.gzip else 'none'}"
    )


def _laid_out(
    shape: Shape,
    operation: list[Field],
    moment: str,
    columns: list[Field],
    before: list[Field],
    sequence: str,
) -> list[Field]:
    """The fields of a row in the order in which the file has them."""
    stamp = [(shape.timestamp_column, moment)] if shape.timestamp_column else []
    tail = before + ([(shape.change_seq_column, sequence)] if shape.change_seq_column else [])
    if shape.timestamp_position == "before_op":
        return stamp + operation + columns + tail
    if shape.timestamp_position == "last":
        return operation + columns + tail + stamp
    return operation + stamp + columns + tail


def _source_fields(spec: TableSpec, seed: int) -> dict[str, str]:
    """Column name -> typed SQL value, in file order; only what a file of this shape can carry."""
    shape = spec.shape
    fields = identity_sql(spec.key_kind, "k")
    carried_null = shape.null_token if shape.is_csv else None
    unit = "us" if shape.is_csv else shape.timestamp_unit
    fields |= {c.name: value_sql(c, seed, spec.name, unit, carried_null) for c in spec.columns}
    return {column.name: fields[column.name] for column in spec.declared}


def _columns(spec: TableSpec, seed: int) -> list[tuple[Column, str]]:
    """Declared columns with their typed SQL values."""
    fields = _source_fields(spec, seed)
    return [(column, fields[column.name]) for column in spec.declared]


def _before_images(spec: TableSpec) -> list[tuple[str, str, str]]:
    """Before-image columns in file order as (name, type in the file, typed SQL of the old key)."""
    prefix = spec.shape.before_image_prefix
    if prefix is None:
        return []
    old = identity_sql(spec.key_kind, "old_key")
    return [
        (prefix + c.name, "varchar" if spec.shape.is_csv else c.data_type, old[c.name])
        for c in spec.declared
        if c.name in spec.key
    ]


def _written(shape: Shape, column: Column, sql: str) -> str:
    """A typed value as the file holds it: text in CSV, the shape's timestamp unit in Parquet."""
    if not shape.is_csv:
        is_millis = column.data_type == "timestamp" and shape.timestamp_unit == "ms"
        return f"cast({sql} as timestamp_ms)" if is_millis else sql
    if column.data_type == "timestamp":
        return _moment_text(sql)
    return f"cast({sql} as varchar)"


def _moment_text(sql: str) -> str:
    """A timestamp as DMS writes it in text: to the microsecond, without a zone."""
    return f"strftime({sql}, '%Y-%m-%d %H:%M:%S.%f')"


def _select(fields: list[Field], relation: str) -> str:
    """The query of the fields over a relation."""
    return f"select {', '.join(f'{sql} as {quoted(name)}' for name, sql in fields)} from {relation}"

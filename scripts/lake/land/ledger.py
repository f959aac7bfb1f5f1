"""The ledger of the Athena target: Iceberg tables of the same names, columns and meanings as DuckDB's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.expressions import In
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import IntegerType, LongType, NestedField, StringType, TimestampType

from lake.errors import LakeError
from lake.land.aws import Aws, plain_errors
from lake.land.commits import back_off, without_retries

STRING, LONG, INTEGER, MOMENT = StringType(), LongType(), IntegerType(), TimestampType()

# The columns of each table, as macros/files/prepare_ledger.sql has them.
TABLES: dict[str, dict[str, Any]] = {
    "files": {
        "source_table": STRING,
        "file": STRING,
        "path": STRING,
        "size_bytes": LONG,
        "last_modified": MOMENT,
        "phase": STRING,
        "stamp": STRING,
        "generation": INTEGER,
        "status": STRING,
        "listed_at": MOMENT,
        "reading": INTEGER,
    },
    "generations": {
        "source_table": STRING,
        "generation": INTEGER,
        "began_at": MOMENT,
        "state": STRING,
        "reason": STRING,
        "opened_at": MOMENT,
    },
    "columns": {
        "source_table": STRING,
        "column_name": STRING,
        "column_type": STRING,
        "first_file": STRING,
        "found_at": MOMENT,
    },
    "streams": {
        "source_table": STRING,
        "file": STRING,
        "phase": STRING,
        "first_at": MOMENT,
        "last_at": MOMENT,
    },
}
ATTEMPTS = 30

Row = tuple[Any, ...]


class StaleLedgerError(Exception):
    """Another writer changed what a decision was based on; it must be taken anew."""


@dataclass(frozen=True)
class Ledger:
    """The ledger's Iceberg tables in the target's schema."""

    aws: Aws
    database: str

    def table(self, name: str) -> Table:
        """One of the ledger's tables, made where it is missing.

        Raises:
            LakeError: the Glue database is missing, or AWS refused.
        """
        identifier = (self.database, f"dms_lake_{name}")
        where = ".".join(identifier)
        catalog = self.aws.catalog()
        with plain_errors(f"the ledger {where}"):
            try:
                return with_all_columns(catalog.load_table(identifier), name)
            except NoSuchTableError:
                pass
            try:
                return catalog.create_table(
                    identifier,
                    schema_of(name),
                    location=f"{self.aws.data_dir}/{self.database}/dms_lake_{name}",
                    properties={"format-version": "2"},
                )
            except TableAlreadyExistsError:
                return catalog.load_table(identifier)

    def rows(self, name: str, tables: Sequence[str]) -> list[Row]:
        """The rows of the given source tables, in a fixed order."""
        return self._rows(self.table(name), name, tables)

    def _rows(self, table: Table, name: str, tables: Sequence[str]) -> list[Row]:
        if not tables:
            return []
        columns = list(TABLES[name])
        found = table.scan(
            row_filter=In("source_table", set(tables)), selected_fields=tuple(columns)
        ).to_arrow()
        lists = [found.column(column).to_pylist() for column in columns]
        return sorted(zip(*lists, strict=True), key=repr)

    def replace(
        self, name: str, tables: Sequence[str], before: Sequence[Row], after: Sequence[Row]
    ) -> None:
        """Change the rows of the given source tables from `before` to `after`, in one commit.

        Raises:
            StaleLedgerError: the rows are no longer those of `before`.
            LakeError: other writers won again and again.
        """
        gone, new = set(before) - set(after), set(after) - set(before)
        if not gone and not new:
            return
        touched = sorted({row[0] for row in gone})
        added = [row for row in after if row in new or row[0] in touched]
        for attempt in range(ATTEMPTS):
            table = self.table(name)
            if self._rows(table, name, tables) != sorted(before, key=repr):
                raise StaleLedgerError(name)
            arrow = pa.Table.from_pylist(
                [dict(zip(TABLES[name], row, strict=True)) for row in sorted(added, key=repr)],
                schema=table.schema().as_arrow(),
            )
            try:
                transaction = without_retries(table).transaction()
                if touched:
                    transaction.overwrite(arrow, In("source_table", set(touched)))
                else:
                    transaction.append(arrow)
                transaction.commit_transaction()
                return
            except CommitFailedException:
                back_off(attempt)
        raise LakeError(
            f"the ledger {self.database}.dms_lake_{name}: other writers won {ATTEMPTS} times in a row; run the command again"
        )


def with_all_columns(table: Table, name: str) -> Table:
    """One of the ledger's tables with the columns that the version lacked which made it."""
    there = {field.name for field in table.schema().fields}
    missing = {column: kind for column, kind in TABLES[name].items() if column not in there}
    if missing:
        with table.update_schema() as update:
            for column, kind in missing.items():
                update.add_column(column, kind)
        return table.refresh()
    return table


def schema_of(name: str) -> Schema:
    """The schema of one of the ledger's tables."""
    return Schema(
        *(
            NestedField(number, column, kind, required=False)
            for number, (column, kind) in enumerate(TABLES[name].items(), start=1)
        )
    )


def settled(generations: Sequence[Row], files: Sequence[Row]) -> list[Row]:
    """The generations with those resolved that a run left while it was opening them.

    A generation is written as `opening` before its files, and gets its state after them. Where its
    files are there it is held, and the next listing completes it; a truncate happened where no
    older file is left to read, and is held for the sake of a load after it. What an operator
    accepted stays so. Otherwise it never happened.
    """
    result = []
    for row in generations:
        source, generation, began_at, state, reason, opened_at = row
        if state != "opening":
            result.append(row)
            continue
        own = [file for file in files if file[0] == source]
        its_files = [file for file in own if file[7] == generation]
        older = [file for file in own if file[7] < generation]
        if reason == "truncate accepted":
            result.append((source, generation, began_at, "complete", reason, opened_at))
        elif reason == "truncate":
            if not any(file[8] in ("readable", "held", "vanished") for file in older):
                has_load = any(file[5] == "load" for file in its_files)
                state = "held" if has_load else "complete"
                result.append((source, generation, began_at, state, reason, opened_at))
        elif its_files:
            result.append((source, generation, began_at, "held", reason, opened_at))
    return result

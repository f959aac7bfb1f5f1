"""What a statement of Athena becomes: steps for Trino and for Glue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lake.athena_local.sql_text import TableName

HIVE, ICEBERG = "awsdatacatalog", "iceberg"
TableKind = Literal["iceberg", "hive", "view"]
# What Glue says a table is; None where there is none.
KindOf = Callable[[TableName], TableKind | None]


class Refused(Exception):
    """Athena, or the translation, does not take this statement; the text is the query's reason.

    Args:
        message: begins with Athena's error name, e.g. `NOT_SUPPORTED: ...`.
        error_type: Athena's number for it.
    """

    def __init__(self, message: str, error_type: int = 1001) -> None:
        super().__init__(message)
        self.error_type = error_type


@dataclass(frozen=True)
class Query:
    """One statement for Trino; `session` are its session properties."""

    sql: str
    session: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckIcebergColumns:
    """Refuse a query whose columns Athena would not keep in an Iceberg table."""

    query: str


@dataclass(frozen=True)
class CreateInGlue:
    """Make a table by Glue alone: external tables, whose files stand already."""

    name: TableName
    table_input: Mapping[str, Any]
    if_not_exists: bool


@dataclass(frozen=True)
class SetGlueParameters:
    """Set parameters of a Hive table."""

    name: TableName
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class WriteViewColumns:
    """Give a view its columns in Glue, where Trino leaves one dummy and Athena the real ones."""

    name: TableName


@dataclass(frozen=True)
class Vacuum:
    """Expire snapshots and remove orphans of an Iceberg table, by its own vacuum properties."""

    name: TableName


Step = Query | CheckIcebergColumns | CreateInGlue | SetGlueParameters | WriteViewColumns | Vacuum


@dataclass(frozen=True)
class Statement:
    """A translated statement.

    Args:
        kind: Athena's StatementType: DDL, DML or UTILITY.
        substatement: Athena's SubstatementType.
        steps: what to do, in order.
        table: the table written, where there is one.
        renamed_to: its new name, for a rename.
    """

    kind: Literal["DDL", "DML", "UTILITY"]
    substatement: str
    steps: tuple[Step, ...]
    table: TableName | None = None
    renamed_to: TableName | None = None

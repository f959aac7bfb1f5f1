"""Athena's side of Glue: what a table is, and what statements change there without Trino."""

from __future__ import annotations

from typing import Any

from lake.athena_local.column_types import hive_type
from lake.athena_local.sql_text import TableName
from lake.athena_local.statements import CreateInGlue, Refused, SetGlueParameters, TableKind

# Of what GetTable answers, what UpdateTable takes.
INPUT_KEYS = (
    "Name",
    "Description",
    "Owner",
    "Parameters",
    "TableType",
    "ViewOriginalText",
    "ViewExpandedText",
    "PartitionKeys",
    "StorageDescriptor",
    "Retention",
)


class GlueCatalog:
    """Glue through a boto3 client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, name: TableName) -> dict[str, Any] | None:
        """The table as Glue keeps it; None where there is none."""
        try:
            answer = self.client.get_table(DatabaseName=name.schema, Name=name.table)
        except self.client.exceptions.EntityNotFoundException:
            return None
        table: dict[str, Any] = answer["Table"]
        return table

    def kind(self, name: TableName) -> TableKind | None:
        """What the table is; None where there is none."""
        table = self.get(name)
        if table is None:
            return None
        if table.get("TableType") == "VIRTUAL_VIEW":
            return "view"
        is_iceberg = table.get("Parameters", {}).get("table_type", "").lower() == "iceberg"
        return "iceberg" if is_iceberg else "hive"

    def create(self, step: CreateInGlue) -> None:
        """Make a table; refused where it stands, unless that is expected."""
        try:
            self.client.create_table(DatabaseName=step.name.schema, TableInput=step.table_input)
        except self.client.exceptions.AlreadyExistsException as error:
            if not step.if_not_exists:
                raise Refused(f"TABLE_ALREADY_EXISTS: Table {step.name} already exists") from error
        except self.client.exceptions.EntityNotFoundException as error:
            raise Refused(f"SCHEMA_NOT_FOUND: Schema {step.name.schema} does not exist") from error

    def set_parameters(self, step: SetGlueParameters) -> None:
        """Add or replace parameters of a table."""
        table = self._input(step.name)
        table["Parameters"] = {**table.get("Parameters", {}), **step.parameters}
        self.client.update_table(DatabaseName=step.name.schema, TableInput=table)

    def write_columns(self, name: TableName, columns: list[tuple[str, str]]) -> None:
        """Replace a view's columns, given by name and Trino's type."""
        table = self._input(name)
        table["StorageDescriptor"]["Columns"] = [
            {"Name": column, "Type": hive_type(of)} for column, of in columns
        ]
        self.client.update_table(DatabaseName=name.schema, TableInput=table)

    def _input(self, name: TableName) -> dict[str, Any]:
        table = self.get(name)
        if table is None:
            raise Refused(f"TABLE_NOT_FOUND: Table {name} does not exist")
        return {key: table[key] for key in INPUT_KEYS if key in table}

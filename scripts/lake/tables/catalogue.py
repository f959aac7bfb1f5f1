"""Tables from a Glue database: columns, types and places as a crawler or another job wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lake.land.aws import plain_errors
from lake.tables.found import Column, Found
from lake.tables.types import registry_type

ENVELOPES = {"csv": "s3_csv", "parquet": "s3_parquet"}


def tables_of_glue(glue: Any, database: str, fields: Mapping[str, Any]) -> list[Found]:
    """Every table of a Glue database that stands for files; views have no columns of their own and are noted."""
    with plain_errors(f"--glue: reading database {database}"):
        pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
        found = [table for page in pages for table in page["TableList"]]
    return [glue_table(table, fields) for table in found]


def glue_table(table: Mapping[str, Any], fields: Mapping[str, Any]) -> Found:
    """One table as Glue describes it; partition columns are no columns of the source."""
    storage = table.get("StorageDescriptor") or {}
    location = str(storage.get("Location") or "").rstrip("/")
    if not location or table.get("TableType") == "VIRTUAL_VIEW":
        return Found(table["Name"], (), notes=("it is a view, or has no location",))
    of_dms = {
        str(name).lower()
        for name in ("op", fields.get("timestamp_column"), fields.get("change_seq_column"))
    }
    columns = tuple(
        Column(column["Name"], *registry_type("glue", column.get("Type", "")))
        for column in storage.get("Columns", ())
        if column["Name"].lower() not in of_dms
    )
    root, _, folder = location.rpartition("/")
    facts = {"root": root} | ({"folder": folder} if folder != table["Name"] else {})
    notes = ["Glue keeps names in lower case: compare them with the files"]
    kind = str((table.get("Parameters") or {}).get("classification", "")).lower()
    if kind in ENVELOPES:
        facts["envelope"] = ENVELOPES[kind]
    if not fields.get("timestamp_column"):
        notes.append("no timestamp_column is known: changes are ordered by file and row")
    return Found(table["Name"], columns, fields=facts, notes=tuple(notes))

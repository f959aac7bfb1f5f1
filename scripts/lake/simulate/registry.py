"""The registry of simulated tables, as `models/raw/<source>/_<source>__sources.yml` holds it."""

from __future__ import annotations

from typing import Any

import yaml

from lake.simulate.events import Truncate
from lake.simulate.spec import TableSpec

Entry = dict[str, Any]


def entry_of(spec: TableSpec, source: str, root: str) -> Entry:
    """All facts of a table in one flat dict; `columns` is a list of {name, data_type}."""
    shape = spec.shape
    if shape.is_record:
        return {
            "source": source,
            "name": spec.name,
            "envelope": shape.envelope,
            "file_format": shape.file_format,
            "root": root,
            "key": spec.key,
            "change_seq_column": shape.change_seq_column if shape.envelope == "dms_json" else None,
            "columns": [{"name": c.name, "data_type": c.data_type} for c in spec.declared],
        }
    entry: Entry = {
        "source": source,
        "name": spec.name,
        "envelope": shape.envelope,
        "root": root,
        "key": spec.key,
        "op_in_load": shape.op_in_load,
        "timestamp_column": shape.timestamp_column,
        "timestamp_position": shape.timestamp_position,
        "change_seq_column": shape.change_seq_column,
        "before_image_prefix": shape.before_image_prefix,
    }
    if shape.is_csv:
        entry |= {
            "header": shape.header,
            "compression": "gzip" if shape.gzip else "none",
            "delimiter": shape.delimiter,
            "null_token": shape.null_token,
            "unsupplied_token": shape.unsupplied_token,
        }
    if any(isinstance(event, Truncate) for event in spec.events):
        # Files of any age that are all gone mean a truncate.
        entry["raw_retention_days"] = 36_500
    entry["columns"] = [
        {"name": column.name, "data_type": column.data_type} for column in spec.declared
    ]
    return entry


def sources_yaml(source: str, root: str, entries: list[Entry]) -> str:
    """The sources file of all tables; what a table does not have is left out."""
    tables = []
    for entry in entries:
        facts = {
            k: v
            for k, v in entry.items()
            if k not in ("source", "name", "root", "columns") and v is not None
        }
        tables.append(
            {
                "name": entry["name"],
                "config": {"meta": {"dms_lake": facts}},
                "columns": entry["columns"],
            }
        )
    document = {
        "sources": [
            {
                "name": source,
                "schema": f"raw_{source}",
                "config": {"meta": {"dms_lake": {"root": root}}},
                "tables": tables,
            }
        ]
    }
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return f"version: 2\n\n{text}"

"""Ask the project for what the page shows."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from lake.errors import LakeError
from lake.report.facts import per_day, slowest, tables_of
from lake.report.page import bars
from lake.run.project import Project

AUDIT = ("aud_tables", "aud_generations", "aud_columns", "aud_runs")
COLUMNS = (
    ("table", False), ("needs a person", False), ("newest", False), ("age, h", True), ("lag, h", True),
    ("rows in", True), ("applied", True), ("rejected", True), ("ties", True), ("drift", True),
    ("load", True), ("files", True), ("bytes", True),
)  # fmt: skip
# A list on the page shows so many lines, the newest first.
LINES = 200


def collect(project: Project, is_counted: bool, now: dt.datetime) -> dict[str, Any]:
    """Everything that the page's template names.

    Raises:
        LakeError: the audit views cannot be built or read.
    """
    built = project.dbt(["run", "--select", "+aud_tables", "aud_generations", "aud_runs"])
    if not built.success:
        raise LakeError("the audit views cannot be built:\n" + "\n".join(built.errors))
    said = project.operate("_report_facts", _asked(project.manifest, is_counted))
    rows = {name: json.loads(said[name][-1]) for name in AUDIT}
    counts = [json.loads(line) for line in said.get("count", [])]
    tables = tables_of(rows["aud_tables"], counts, now)
    charts = [_chart(json.loads(line)) for line in said.get("chart", [])]
    if days := per_day(rows["aud_runs"]):
        charts.append(
            {"title": "Rows written by all models, by day", "svg": bars(days, "day", "rows")}
        )
    sums = [
        sum(int(value or 0) for value in column) for column in list(zip(*counts, strict=True))[1:]
    ]
    took = [(name, f"{seconds:.1f}") for name, seconds in slowest(_seconds(project))]
    totals = dict(zip(("rows", "placed", "rejected"), sums or (0, 0, 0), strict=True))
    return {
        "title": f"The lake of {project.manifest.metadata.project_name}",
        "target": project.target_name,
        "now": now.strftime("%Y-%m-%d %H:%M"),
        "tables": tables,
        "attention": sum(bool(table.attention) for table in tables),
        "files": sum(table.files for table in tables),
        "size_bytes": sum(table.size_bytes for table in tables),
        "counted": bool(counts),
        "columns": COLUMNS,
        "charts": charts,
        "lists": [
            ("Columns that the registry lacks", ("table", "column", "type", "first file", "found"), rows["aud_columns"][:LINES]),
            ("Full loads", ("table", "load", "began", "state", "reason", "found"), newest(rows["aud_generations"])),
            ("Slowest models of the last runs", ("model", "seconds"), took),
        ],
        **totals,
    }  # fmt: skip


def newest(rows: list[list[str]]) -> list[list[str]]:
    """The newest lines, by their last column."""
    return sorted(rows, key=lambda row: row[-1], reverse=True)[:LINES]


def _asked(manifest: Any, is_counted: bool) -> dict[str, Any]:
    """The relations that the macro asks: audit views, changes and rejected of each table, and marts with a chart."""
    models = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    charts = [
        {**node.config.meta["dms_lake"]["chart"], "name": node.name, "relation": relation_of(node)}
        for node in models
        if (node.config.meta.get("dms_lake") or {}).get("chart")
    ]
    counted = []
    for node in models:
        if is_counted and node.config.materialized == "rejected":
            changes = manifest.nodes[node.depends_on_nodes[0]]
            source = manifest.sources[changes.depends_on_nodes[0]]
            table = f"{source.source_name}.{source.name}"
            counted.append([table, relation_of(changes), relation_of(node)])
    audit = {node.name: relation_of(node) for node in models if node.name in (*AUDIT, "aud_files")}
    if missing := {*AUDIT, "aud_files"} - audit.keys():
        raise LakeError(
            f"the project has no model {sorted(missing)[0]}: it must have dms_lake's audit models"
        )
    return {"audit": audit, "counted": counted, "charts": charts}


def relation_of(node: Any) -> list[str]:
    """Database, schema and name of a model's relation."""
    return [node.database, node.schema, node.alias or node.name]


def _chart(found: dict[str, Any]) -> dict[str, str]:
    chart = found["chart"]
    rows = [{chart["x"]: x, chart["y"]: float(y or 0)} for x, y in found["rows"]]
    svg = bars(rows, chart["x"], chart["y"], chart.get("order"))
    return {"title": chart.get("title", chart["name"]), "svg": svg}


def _seconds(project: Project) -> dict[str, float]:
    """How long each model's last build took, by dbt or by `lake run`; nothing where neither left it."""
    target = project.folder / os.environ.get("DBT_TARGET_PATH", "target")
    found: dict[str, float] = {}
    kept = [path for path in (target / "run_results.json", project.seconds_path) if path.exists()]
    for path in sorted(kept, key=lambda path: path.stat().st_mtime):
        found |= _built_in(path)
    return found


def _built_in(path: Path) -> dict[str, float]:
    """Seconds by model in one file; dbt's own lists results, `lake run`'s is a table of seconds by node."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if "results" in kept:
            kept = {each["unique_id"]: each["execution_time"] for each in kept["results"]}
    except (OSError, ValueError, KeyError):
        return {}
    return {
        node.split(".")[2]: float(seconds)
        for node, seconds in kept.items()
        if node.startswith("model.")
    }

"""The command `lake register`: the raw tables of the Athena target, as the registry says."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from lake.commands import AsJson, ProjectDir, Target
from lake.commands.land import TableNames, Vars, vars_of
from lake.errors import LakeError


def register(
    table: TableNames = None,
    create_databases: Annotated[
        bool, typer.Option("--create-databases", help="Make Glue databases that are missing.")
    ] = False,
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
    as_json: AsJson = False,
) -> None:
    """Make the Iceberg raw table of every source table in Glue, and bring it to what the registry says.

    New columns are added and types widened; nothing is ever dropped. Run it after a change of the
    registry; it does nothing where nothing changed.
    """
    from lake.land import raw_tables
    from lake.land.aws import Aws
    from lake.land.project import Project

    project = Project.open(project_dir, target, vars_of(vars))
    aws = Aws(project.credentials)
    done, failures = [], {}
    for entry in project.describe(table or []):
        try:
            done.append(raw_tables.register(aws, entry, create_databases))
        except LakeError as error:
            failures[entry.name] = str(error).removeprefix(f"{entry.name}: ")
    if as_json:
        result = {"tables": [asdict(item) for item in done], "failures": failures}
        typer.echo(json.dumps(result))
    else:
        for item in done:
            changes = f" ({', '.join(item.changes)})" if item.changes else ""
            typer.echo(f"{item.table}: {item.relation} {item.action}{changes}")
    if failures:
        lines = [f"{name}: {text}" for name, text in failures.items()]
        raise LakeError(f"{len(failures)} table(s) were not registered:\n" + "\n".join(lines))

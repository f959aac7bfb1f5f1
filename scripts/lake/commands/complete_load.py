"""The command `lake complete-load`: a full load that is held back may be applied."""

from __future__ import annotations

import typer

from lake.commands import ProjectDir, Target
from lake.operations import TableName, run_operation


def complete_load(table: TableName, project_dir: ProjectDir = None, target: Target = None) -> None:
    """Say that the new full load of TABLE is complete: the next build applies it without waiting.

    A later full load waits until a change file is written after it, or until none of its files
    has changed for `dms_lake_load_quiet_minutes`. Rows that a load lacks are deleted when it is
    applied, so say this only when DMS reports the load as done.
    """
    for line in run_operation("complete_load", {"table": table}, project_dir, target):
        typer.echo(line)

"""The command `lake forget-vanished`: files that are gone are gone for good."""

from __future__ import annotations

import typer

from lake.commands import ProjectDir, Target
from lake.operations import TableName, run_operation


def forget_vanished(
    table: TableName, project_dir: ProjectDir = None, target: Target = None
) -> None:
    """Accept that vanished files of TABLE will not come back: no build asks for them any more.

    Rows that were read from them stay. Rows of a file that was never read are lost.
    """
    for line in run_operation("forget_vanished", {"table": table}, project_dir, target):
        typer.echo(line)
